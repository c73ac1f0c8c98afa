extension PullFailure {
  /// The reason that is recorded: what failed, why, what to do. `hostLogins` are the registries that the host has its own
  /// logins for.
  func reason(plan: Plan, hostLogins: [String] = []) -> String {
    let (what, step) = parts(plan, hostLogins)
    return what + (step.map { ": \($0)" } ?? "") + "; nothing was changed"
  }

  /// The same for a deployment that has not been begun.
  func problem(plan: Plan, hostLogins: [String] = []) -> Problem {
    let (what, step) = parts(plan, hostLogins)
    return Problem(.host, what, nextStep: step)
  }

  private func parts(_ plan: Plan, _ hostLogins: [String]) -> (what: String, step: String?) {
    let only = plan.registries.count == 1 ? plan.registries[0].host : nil
    return PullFailureReason(
      failure: self, plan: plan, server: registry ?? only ?? "the registry",
      user: plan.registries.first { $0.host == registry ?? only }?.username,
      hasHostLogin: (registry ?? only).map(UnusedLogin.hosts(hostLogins, plan: plan).contains) ?? false
    ).parts
  }
}

private struct PullFailureReason {
  let failure: PullFailure
  let plan: Plan
  let server: String
  /// Whom the inventory logs in as; `nil` without a login for this registry.
  let user: String?
  let hasHostLogin: Bool

  private var host: String { "\(plan.target.host)" }
  private var name: ImageName? { failure.image.map { ImageName($0) } }
  /// ` for PATH, PATH`, where the images are known.
  private var forImage: String {
    let paths = [failure.image].compactMap(\.self) + failure.others
    return paths.isEmpty ? "" : " for \(paths.map { ImageName($0).path }.joined(separator: ", "))"
  }

  /// What is wrong, and what to do about it.
  var parts: (what: String, step: String?) {
    switch failure.cause {
    case .noSuchTag: missing
    case .noAccess: ("\(server) denied access\(to)", accessStep)
    case .loginRefused: refused
    case .rateLimited: ("\(server) is rate limiting requests\(forImage)", limitStep)
    case .otherPlatform(let platform):
      (
        "\(failure.image ?? "an image") exists, but not for \(platform.map { "\($0), " } ?? "")the platform of \(host)",
        "build it for that platform as well"
      )
    case .certificate:
      (
        "\(host) does not trust the certificate of \(server)\(forImage)",
        "install its CA certificate there in /etc/docker/certs.d/\(server)"
      )
    case .unreachable: ("\(host) cannot reach \(server)\(forImage)", nil)
    case .diskFull: ("the disk of \(host) is full", "free space there with 'docker image prune'")
    case .other(let line): ("pull\(failure.image.map { " of \($0)" } ?? "") failed: \(line)", nil)
    }
  }

  private var missing: (String, String) {
    guard let name, let tag = name.tag, name.digest == nil else {
      guard let image = failure.image, name?.digest != nil else {
        return ("\(server) has no image with the tag \(plan.tag)", "has CI finished building it?")
      }
      return ("\(server) has no image \(image)", "it may have been deleted there")
    }
    let what = "\(server) has no image with the tag \(tag)\(forImage)"
    guard tag == plan.tag.value else { return (what, "check its name and tag in the compose file") }
    return (what, "has CI finished building it? If it has, check the image's name")
  }

  private var to: String {
    let images = [failure.image].compactMap(\.self) + failure.others
    return images.isEmpty ? "" : " to \(images.joined(separator: ", "))"
  }

  private var accessStep: String {
    guard let user else { return "check the image's name, or \(addStep)" }
    return "check the image's name, and that the token of \(user) in 1Password is valid and may read it"
  }

  private var refused: (String, String) {
    guard let user else { return ("\(server) requires a login\(forImage)", addStep) }
    return ("\(server) refused the login of \(user)\(forImage)", "check that the token in 1Password is still valid")
  }

  private var limitStep: String { user == nil ? "try again later, or \(addStep)" : "try again later" }

  private var addStep: String {
    let step = UnusedLogin.addLogin(for: server, plan: plan)
    return hasHostLogin ? "\(step): the login that \(host) has for it is not used" : step
  }
}
