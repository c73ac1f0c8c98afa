import Platform
import Testing

@testable @_spi(Fixture) import Ledger

/// A ledger's bytes and its answers. Tests damage copies of the bytes.
struct Sample: Sendable {
  var bytes: [UInt8]
  var answers: [String: Answer]

  /// A few hundred events. Names are long, so that indexes are deeper than one page.
  static let wide = Task { try await make(deployments: 70, padding: 200) }
  /// A few events, for tests that read thousands of copies.
  static let small = Task { try await make(deployments: 4, padding: 0) }

  static let pageSize = Schema.pageSize
  static let now = Date(timeIntervalSince1970: 1_700_000_000)

  static func target(_ number: Int) -> String { "target-\(number % 3)" }
  static func host(_ number: Int) -> String { "host-\(number % 3)" }
  static func service(_ number: Int) -> String { "service-\(number % 5)" }

  var pages: Int { bytes.count / Self.pageSize }

  private static func make(deployments: Int64, padding: Int) async throws -> Sample {
    let scratch = try Scratch()
    let ledger = try await DeploymentLedger.open(path: scratch.path, access: .readWrite, now: { now })
    try await ledger.together { (ledger) throws(LedgerError) in
      for number in 0..<Int(deployments) { try ledger.deploy(number, padding, isEnded: number < deployments - 2) }
    }
    var sample = Sample(bytes: try read(scratch.path), answers: [:])
    for question in Question.all { sample.answers[question.name] = try await ledger.answer(question) }
    return sample
  }

  /// Asks everything of a copy of the ledger with other bytes. Returns what went wrong and how many answers there were.
  ///
  /// With `isExact`, every answer must be the sample's or say that the file is damaged; otherwise only the answers of those
  /// questions that check each event.
  func ask(
    _ questions: [Question] = Question.all, of damaged: [UInt8], in scratch: Scratch, isExact: Bool = true
  ) async throws -> (wrong: [String], given: Int) {
    try write(damaged, scratch.path)
    let result = try await ask(questions, scratch, isExact: isExact)
    let isUnchanged = try Data(contentsOf: URL(fileURLWithPath: scratch.path)) == Data(damaged)
    return (result.wrong + (isUnchanged ? [] : ["reading changed the file"]), result.given)
  }

  private func ask(
    _ questions: [Question], _ scratch: Scratch, isExact: Bool
  ) async throws -> (wrong: [String], given: Int) {
    var (wrong, given) = ([String](), 0)
    for access in [DeploymentLedger.Access.readOnly, .inspection] {
      let ledger: DeploymentLedger
      do throws(LedgerError) {
        ledger = try await DeploymentLedger.open(path: scratch.path, access: access, now: { Self.now })
      } catch {
        if !error.isDamage { wrong.append("open: \(error)") }
        continue
      }
      for question in questions where question.checksEvents == (access == .inspection) {
        let start = ContinuousClock.now
        do {
          let answer = try await ledger.answer(question)
          given += 1
          if answer != answers[question.name], isExact || question.checksEvents {
            wrong.append("\(question.name): wrong, \(answer.count) of \(answers[question.name]?.count ?? 0) lines")
          }
        } catch let error as LedgerError where error.isDamage {
        } catch {
          wrong.append("\(question.name): \(error)")
        }
        // It takes milliseconds, but the machine may have three labs beside it.
        if ContinuousClock.now - start > .seconds(60) { wrong.append("\(question.name): took more than 60 s") }
      }
    }
    return (wrong, given)
  }
}

extension DeploymentLedger {
  fileprivate func deploy(_ number: Int, _ padding: Int, isEnded: Bool) throws(LedgerError) {
    func long(_ text: String) -> String { text + "." + String(repeating: "x", count: padding) }
    let services = [Sample.service(number), Sample.service(number + 1)]
    let start = DeploymentStart(
      batch: "batch-\(number / 2)", kind: number % 10 == 3 ? .rollback : .deploy, target: Sample.target(number),
      host: long(Sample.host(number)), directory: "/opt/\(number)", services: services, tag: "sha-000000\(number % 10)",
      operator: number % 4 == 0 ? "ada" : long("grace"), client: "ktrdr",
      secretVersions: [SecretVersion(item: "item", version: number + 1)])
    let id = try begin(start).id
    let text = number % 40 == 1 ? String(repeating: "a long output\n", count: 2000) : "output \(number)\n"
    let step = StepRecord(name: "pull", startedAt: now(), durationMS: 1, outcome: .succeeded, output: text)
    try append(step, to: id)
    for service in services {
      let image = ImageIdentity(reference: long("repo/\(service)"), id: "sha256:\(number)")
      try append(ImageRecord(service: service, after: image), to: id)
    }
    guard isEnded else { return }
    let outcome: Outcome = number % 5 == 4 ? .failed : .succeeded
    try finish(id, Finish(outcome: outcome, reason: outcome == .failed ? "unhealthy" : nil, durationMS: 1))
  }
}

/// The seed of the tests that damage at random. Another one: KTRDR_SEED.
let seed = ProcessInfo.processInfo.environment["KTRDR_SEED"].flatMap(UInt64.init) ?? 7
