import Ledger

extension FetchedSecrets {
  /// A secret that is also a name: the start of the deployment would put it into the ledger. `nil` when there is none.
  func exposure(by plan: Plan) -> Problem? {
    let start = plan.start(services: plan.services.map(\.value), secrets: versions)
    guard start.storedTexts.contains(where: { needles.containsNeedle(in: Array($0.utf8)) }) else { return nil }
    return Problem(
      .secrets,
      "a sensitive value is also part of a name that the ledger would record (target, host, directory, tag …)",
      nextStep: "choose another value, or say 'sensitive: false' of it in the inventory")
  }
}
