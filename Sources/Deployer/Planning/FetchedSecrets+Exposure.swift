import Ledger

extension FetchedSecrets {
  /// A secret that is also a name: the start of the deployment would put it into the ledger, or an image's or the stack's
  /// name on the host. `nil` when there is none.
  func exposure(by plan: Plan) -> Problem? {
    let start = plan.start(services: plan.covered, secrets: versions)
    // What the host says of these is redacted, so it could not be told whether the right image runs.
    let names = start.storedTexts + plan.images.map(\.reference) + [plan.project?.name].compactMap { $0 }
    guard names.contains(where: { needles.containsNeedle(in: Array($0.utf8)) }) else { return nil }
    return Problem(
      .secrets,
      "a sensitive value is also part of a name that the ledger would record (target, host, directory, service, image, tag …)",
      nextStep: "choose another value, or say 'sensitive: false' of it in the inventory")
  }
}
