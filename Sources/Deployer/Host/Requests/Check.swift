/// What a check of a host is to find out.
struct CheckRequest: Sendable {
  /// What Compose gets so that it can read its files. No value is a secret.
  var variables: [(name: String, value: String)]
  /// The id of the ledger whose last anchor is wanted; empty for none.
  var ledger = ""
  /// The digests that are known already, by image id.
  var knownDigests: [String: [String]] = [:]
}

struct CheckAnswer: Sendable {
  var check: HostCheck
  /// Every container of every Compose project of the host; `nil` if Docker did not answer.
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
    case envFileMissing(String)

    var isOfDocker: Bool {
      switch self {
      case .noDocker, .dockerUnreachable: true
      default: false
      }
    }
  }

  /// In the order in which they were found.
  var findings: [Finding] = []
  /// What Compose makes of the files; `nil` if it was not asked.
  var model: ComposeModel?
  /// The profiles that the host's own settings switch on.
  var hostProfiles: [String] = []
  /// The compose files that are there, relative to the directory.
  var files: [String] = []
  /// SHA-256 over the bytes of the compose files in their order, in hexadecimal digits.
  var composeDigest: String?
  /// The last anchor that a deployment left on the host.
  var lastAnchor: String?
  /// The host's newest anchor, if it is another ledger's.
  var foreignAnchor: String?
  /// Who is at work on the stack at this moment; `nil` if nobody is, or the kernel does not tell.
  var lockOwner: String?
  var dockerVersion: String?
  var composeVersion: String?

  init() {}

  init(_ events: [RemoteEvent]) {
    for case .fact(let name, let fields) in events { read(name, fields) }
    model = ComposeModel(events)
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
    case ("file", "unreadable"), ("env-file", "unreadable"): findings.append(.fileUnreadable(detail))
    case ("file", "ok"): files.append(detail)
    case ("env-file", "missing"): findings.append(.envFileMissing(detail))
    case ("host-profiles", .some(let list)): hostProfiles = list.split(separator: ",").map { String($0).trimmed }
    case ("compose-digest", .some(let digest)): composeDigest = digest
    case ("anchor", .some(let line)): lastAnchor = line
    case ("foreign-anchor", .some(let line)): foreignAnchor = line
    case ("lock-held", .some(let owner)): lockOwner = owner
    default: break
    }
  }
}

extension RemoteScript {
  /// Of the images that are `known` the digests are not reported.
  func check(
    variables: [(name: String, value: String)], ledger: String = "", knowing known: [String] = []
  ) -> [UInt8] {
    placeholders(variables) + call("ktrdr_check", [ledger]) + call("ktrdr_files", composeFiles)
      + call("ktrdr_survey", [known.joined(separator: " ")] + Self.modelCommand) + done
  }

  func diagnosis(variables: [(name: String, value: String)]) -> [UInt8] {
    placeholders(variables) + call("ktrdr_check", [""]) + call("ktrdr_versions", [])
      + call("ktrdr_files", composeFiles) + call("ktrdr_model", ["with_placeholders"] + Self.modelCommand) + done
  }

  private func placeholders(_ variables: [(name: String, value: String)]) -> [UInt8] {
    let exports = variables.map { "\($0.name)=\(ShellQuoting.quoted($0.value)); export \($0.name); " }.joined()
    return Array("{ with_placeholders() { ( \(exports)\"$@\" ); }; }\n".utf8)
  }
}

extension RemoteSession {
  func check(_ request: CheckRequest) async throws(HostError) -> CheckAnswer {
    let known = request.knownDigests
    let events = try await ask(
      script.check(variables: request.variables, ledger: request.ledger, knowing: Array(known.keys)),
      steps: [ComposeModel.marker])
    return CheckAnswer(check: HostCheck(events), observed: try await observation(in: events, knowing: known))
  }

  /// `nil` if Docker did not answer.
  private func observation(
    in events: [RemoteEvent], knowing known: [String: [String]]
  ) async throws(HostError) -> Observation? {
    guard let seen = Observation(events) else { return nil }
    do throws(HostError) {
      return try await complete(seen, ObserveRequest(knownDigests: known, asksForSignals: true))
    } catch .unavailable {
      return nil
    } catch {
      throw error
    }
  }

  func diagnose(variables: [(name: String, value: String)]) async throws(HostError) -> HostCheck {
    HostCheck(try await ask(script.diagnosis(variables: variables), steps: [ComposeModel.marker]))
  }
}
