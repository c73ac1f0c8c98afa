/// What a check of a host is to find out.
struct CheckRequest: Sendable, Equatable {
  /// The variables that Compose will get. Placeholders stand in for their values.
  var variables: [String]
  var profiles: [String]
  /// The id of the ledger whose last anchor is wanted; empty for none.
  var ledger = ""
  /// The digests that are known already, by image id.
  var knownDigests: [String: [String]] = [:]
}

struct CheckAnswer: Sendable, Equatable {
  var check: HostCheck
  /// What runs; `nil` if Docker did not answer.
  var observed: Observation?
}

/// What a check found on a host. Nothing is judged yet.
public struct HostCheck: Sendable, Equatable {
  /// Something that a deployment needs and that is not there.
  enum Finding: Sendable, Equatable {
    case noFlock
    case noDocker
    case dockerUnreachable(String)
    case noCompose
    case noDirectory
    case directoryClosed
    case directoryReadOnly
    case fileMissing(String)
    case fileUnreadable(String)
    case composeFilesInvalid(String)
  }

  /// In the order in which they were found.
  var findings: [Finding] = []
  /// The services of the compose files under the profiles; empty if they could not be listed.
  var services: [String] = []
  /// The compose files that are there, relative to the directory.
  var files: [String] = []
  /// SHA-256 over the bytes of the compose files in their order, in hexadecimal digits.
  var composeDigest: String?
  /// The last anchor that a deployment left on the host.
  var lastAnchor: String?
  /// The last anchor of another ledger, on a host that has none of this one.
  var foreignAnchor: String?
  var dockerVersion: String?
  var composeVersion: String?

  init() {}

  init(_ events: [RemoteEvent]) {
    for case .fact(let name, let fields) in events { read(name, fields) }
  }

  private mutating func read(_ name: String, _ fields: [String]) {
    let detail = fields.count > 1 ? fields[1].trimmed : ""
    switch (name, fields.first) {
    case ("flock", "no"): findings.append(.noFlock)
    case ("docker", "missing"): findings.append(.noDocker)
    case ("docker", "unreachable"): findings.append(.dockerUnreachable(detail))
    case ("docker", "ok"): dockerVersion = detail
    case ("compose", "missing"): findings.append(.noCompose)
    case ("compose", "ok"): composeVersion = detail
    case ("directory", "missing"): findings.append(.noDirectory)
    case ("directory", "denied"): findings.append(.directoryClosed)
    case ("writable", "no"): findings.append(.directoryReadOnly)
    case ("file", "missing"): findings.append(.fileMissing(detail))
    case ("file", "unreadable"): findings.append(.fileUnreadable(detail))
    case ("file", "ok"): files.append(detail)
    case ("compose-file", "invalid"): findings.append(.composeFilesInvalid(detail))
    case ("services", _): services = fields.sorted()
    case ("compose-digest", .some(let digest)): composeDigest = digest
    case ("anchor", .some(let line)): lastAnchor = line
    case ("foreign-anchor", .some(let line)): foreignAnchor = line
    default: break
    }
  }
}

extension RemoteScript {
  /// Of the images that are `known` the digests are not reported.
  func check(
    variables: [String], profiles: [String], ledger: String = "", knowing known: [String] = []
  ) -> [UInt8] {
    placeholders(variables) + call("ktrdr_check", [ledger]) + call("ktrdr_files", composeFiles)
      + call("ktrdr_survey", [known.joined(separator: " "), "services"] + options(profiles: profiles)) + done
  }

  func diagnosis(variables: [String]) -> [UInt8] {
    placeholders(variables) + call("ktrdr_check", [""]) + call("ktrdr_versions", [])
      + call("ktrdr_files", composeFiles) + call("ktrdr_services", ["services"] + options(profiles: [])) + done
  }

  func everyService() -> [UInt8] {
    call("ktrdr_services", ["every-service"] + options(profiles: ["*"])) + done
  }

  private func placeholders(_ variables: [String]) -> [UInt8] {
    let exports = variables.map { "\($0)=placeholder; export \($0); " }.joined()
    return Array("{ with_placeholders() { ( \(exports)\"$@\" ); }; }\n".utf8)
  }
}

extension RemoteSession {
  func check(_ request: CheckRequest) async throws(HostError) -> CheckAnswer {
    let known = request.knownDigests
    let events = try await ask(
      script.check(
        variables: request.variables, profiles: request.profiles, ledger: request.ledger, knowing: Array(known.keys)))
    return CheckAnswer(check: HostCheck(events), observed: try await observation(in: events, knowing: known))
  }

  /// `nil` if Docker did not answer.
  private func observation(
    in events: [RemoteEvent], knowing known: [String: [String]]
  ) async throws(HostError) -> Observation? {
    guard let seen = Observation(events) else { return nil }
    do throws(HostError) {
      return try await complete(seen, knowing: known)
    } catch .unavailable {
      return nil
    } catch {
      throw error
    }
  }

  func diagnose(variables: [String]) async throws(HostError) -> HostCheck {
    HostCheck(try await ask(script.diagnosis(variables: variables)))
  }

  func listAllServices() async throws(HostError) -> Set<String> {
    var services: Set<String> = []
    for case .fact("every-service", let fields) in try await ask(script.everyService()) {
      services.formUnion(fields)
    }
    return services
  }
}
