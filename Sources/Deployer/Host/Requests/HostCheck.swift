/// What the validation found out about a host, and what of it stands in the way.
public struct HostCheck: Sendable, Equatable {
  public var problems: [Problem] = []
  /// The services of the compose files under the plan's profiles; empty where they could not be listed.
  public var services: [String] = []
  /// The compose files that are there, relative to the directory.
  public var files: [String] = []
  /// SHA-256 over the bytes of the compose files in their order, in hexadecimal digits.
  public var composeDigest: String?
  /// The last anchor that a deployment left on the host.
  public var lastAnchor: String?
  /// The last anchor of another ledger, on a host that has none of this one.
  public var foreignAnchor: String?
  /// The versions that answered.
  public var dockerVersion: String?
  public var composeVersion: String?

  /// Reads the facts of the remote check of `target`. No events means that the connection ended before the script had
  /// said everything; no services `wanted` means all.
  init(_ events: [RemoteEvent]?, target: Target, wanted: [String]) {
    guard let events else {
      add("the connection to \(target.host) ended during the checks", "try again: ktrdr doctor \(target.name)")
      return
    }
    for case .fact(let name, let fields) in events { read(name, fields, target: target) }
    problems += unknown(wanted, target: target)
  }

  /// The services of every profile, from the answer to the script's question for them; empty where it had none.
  static func everyService(_ events: [RemoteEvent]) -> Set<String> {
    var services: Set<String> = []
    for case .fact("every-service", let fields) in events { services.formUnion(fields) }
    return services
  }

  /// A problem for each of `wanted` that the compose files do not have, where they could be listed.
  func unknown(_ wanted: [String], target: Target) -> [Problem] {
    guard !services.isEmpty else { return [] }
    return wanted.filter { !services.contains($0) }.map { service in
      Problem(
        .host, "the compose file of \(target.name) has no service \(service)",
        nextStep: "its services are: \(services.joined(separator: ", "))")
    }
  }

  private mutating func read(_ name: String, _ fields: [String], target: Target) {
    let host = target.host
    let detail = fields.count > 1 ? fields[1] : ""
    switch (name, fields.first) {
    case ("flock", "no"):
      add("\(host) has no flock", "install util-linux there: without it two deployments could run at once")
    case ("docker", "missing"): add("\(host) has no docker", "install Docker Engine there, then: ktrdr doctor")
    case ("docker", "unreachable"):
      add(
        "Docker on \(host) does not answer: \(detail.trimmed)",
        "is the engine running (systemctl status docker), and are you in the group docker there?")
    case ("docker", "ok"): dockerVersion = detail
    case ("compose", "missing"):
      add("\(host) has no Docker Compose v2", "install the Compose plugin there (docker compose version must answer)")
    case ("compose", "ok"): composeVersion = detail
    case ("directory", "missing"):
      add("\(host) has no directory \(target.directory)", "create it, or mend 'directory' of \(target.name)")
    case ("directory", "denied"):
      add("you may not enter \(target.directory) on \(host)", "ask for access, or mend 'directory' of \(target.name)")
    case ("writable", "no"):
      add(
        "you may not write into \(target.directory) on \(host)", "the deployment's lock lives there; change its owner")
    case ("file", "missing"):
      add("\(target.directory) on \(host) has no \(detail)", "copy it there, or mend 'compose_files' of \(target.name)")
    case ("file", "ok"): files.append(detail)
    case ("file", "unreadable"): add("you may not read \(target.directory)/\(detail) on \(host)", "change its mode")
    case ("compose-file", "invalid"):
      add("Compose cannot read the files of \(target.name): \(detail.trimmed)", "try: docker compose config -q there")
    case ("services", _): services = fields.sorted()
    case ("compose-digest", .some(let digest)): composeDigest = digest
    case ("anchor", .some(let line)): lastAnchor = line
    case ("foreign-anchor", .some(let line)): foreignAnchor = line
    default: break
    }
  }

  private mutating func add(_ what: String, _ nextStep: String) {
    problems.append(Problem(.host, what, nextStep: nextStep))
  }
}
