import Ledger

/// Whether the images that a deployment would fetch can be fetched. Only a dry run and `doctor` ask: the deployment itself
/// finds out by fetching them.
struct RegistryCheck: Sendable {
  /// The images that registries refuse.
  struct Finding: Sendable, Equatable {
    /// In a few words, by service.
    var services: [String: String] = [:]
    /// The services whose image has the name of the one that runs, and is another one by now: the tag was moved.
    var moved: Set<String> = []
    /// One for each image; one for all images of a registry that refuses the login.
    var problems: [Problem] = []
    /// Why a registry could not be asked, a line for each reason. The engine may still reach it: it knows mirrors, and
    /// registries without TLS.
    var warnings: [String] = []
  }

  let preparation: Preparation
  private var plan: Plan { preparation.plan }

  /// On a host that has the values of the deployment.
  func check(on host: RemoteHost) async throws(HostError) -> Finding {
    let pinned = Set(plan.pins.map(\.service.value))
    let images = plan.images.filter { (plan.fetched.byName + plan.fetched.orBuilt).contains($0.service) }
    guard !images.isEmpty else { return Finding() }
    let perhapsThere = images.filter { pinned.contains($0.service) || plan.fetched.orBuilt.contains($0.service) }
    let local = perhapsThere.isEmpty ? [:] : try await host.presentImages(perhapsThere.map(\.reference))
    // What is there already is not fetched if it is pinned, and need not be if it may have been built.
    let wanted = images.filter { local[$0.reference] == nil && !$0.reference.hasPrefix("sha256:") }
    let lost = plan.lostImages(Set(local.keys)).map {
      Problem(.host, $0, nextStep: "choose another: ktrdr rollback \(plan.target.name) --to TAG|DEPLOYMENT")
    }
    guard !wanted.isEmpty else { return Finding(problems: lost) }
    let answers = try await host.askRegistries(Set(wanted.map(\.reference)).sorted())
    var finding = Self.judge(wanted, answers, plan)
    finding.problems += lost
    for (service, reference) in wanted {
      guard case .has(let ids) = answers[reference], !ids.isEmpty, let seen = preparation.observed,
        let image = seen.image(of: service), image.reference == reference, !ids.contains(image.id)
      else { continue }
      // An engine that takes the manifest's digest for the image's id has other ids than the registry.
      let isDigest = (seen.digests[image.id] ?? []).contains { ImageName($0).digest == image.id }
      if !isDigest { finding.moved.insert(service) }
    }
    return finding
  }

  /// An image of which nothing certain was said is not called missing.
  private static func judge(
    _ wanted: [(service: String, reference: String)], _ answers: [String: RegistryAnswer], _ plan: Plan
  ) -> Finding {
    var finding = Finding()
    var failures: [PullFailure] = []
    var unasked: [String: [String]] = [:]
    for (service, reference) in wanted {
      guard case .refused(let words) = answers[reference] ?? .refused("") else { continue }
      var failure = PullFailure.classify(words, images: [(service, reference)])
      failure.image = reference
      failure.registry = ImageName(reference).registry
      guard [.noSuchTag, .noAccess, .loginRefused].contains(failure.cause) else {
        let why = words.isEmpty ? "no answer" : "\(words.excerpt)"
        if unasked[why]?.contains(reference) != true { unasked[why, default: []].append(reference) }
        continue
      }
      finding.services[service] = failure.cause == .noSuchTag ? "not in the registry" : "cannot be fetched"
      add(failure, to: &failures)
    }
    finding.problems = failures.map { $0.problem(plan: plan) }
    finding.warnings = unasked.sorted { $0.key < $1.key }.map { why, images in
      "could not ask the registry for \(images.joined(separator: ", ")): \(why)"
    }
    return finding
  }

  /// A registry that lets nobody in says so of each image: that is one problem.
  private static func add(_ failure: PullFailure, to failures: inout [PullFailure]) {
    guard !failures.contains(where: { $0.image == failure.image || $0.others.contains(failure.image ?? "") }) else {
      return
    }
    let same = failures.firstIndex { $0.cause == failure.cause && $0.registry == failure.registry }
    if let same, let image = failure.image, failure.cause != .noSuchTag {
      failures[same].others.append(image)
    } else {
      failures.append(failure)
    }
  }
}
