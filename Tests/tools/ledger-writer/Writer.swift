import Ledger
import Platform

/// Appends events, one durable transaction each, and prints each event's seq after its commit has returned. The fault
/// tests stop it at every moment.
@main
struct Writer {
  var path = ""
  var events = 0
  var printsSeq = false

  static func main() async {
    do throws(Failure) {
      try await Writer(arguments: Array(CommandLine.arguments.dropFirst())).run()
    } catch {
      complain("ledger-writer: \(error.text)\n")
      exit(error.status)
    }
  }

  struct Failure: Error {
    var status: Int32
    var text: String
  }

  init(arguments: [String]) throws(Failure) {
    let usage = Failure(status: 64, text: "usage: ledger-writer --ledger PATH --events N [--print-seq]")
    var rest = arguments[...]
    while let word = rest.popFirst() {
      switch word {
      case "--ledger": path = rest.popFirst() ?? ""
      case "--events":
        guard let count = rest.popFirst().flatMap(Int.init), count >= 0 else { throw usage }
        events = count
      case "--print-seq": printsSeq = true
      default: throw usage
      }
    }
    guard !path.isEmpty else { throw usage }
  }

  func run() async throws(Failure) {
    do throws(LedgerError) {
      let ledger = try await DeploymentLedger.open(path: path, access: .readWrite)
      var written = 0
      var deployment: Int64 = 0
      while written < events {
        switch written % 5 {
        case 0:
          let start = DeploymentStart(
            kind: .deploy, target: "writer-\(getpid())", host: "writer.example", services: ["backend"],
            tag: "sha-0000000", operator: "ledger-writer", client: "ledger-writer")
          deployment = try await ledger.begin(start).id
        case 2 where events - written >= 3:
          let image = ImageRecord(service: "backend", after: ImageIdentity(reference: "r:1", id: "i1"))
          let finish = Finish(outcome: .succeeded, durationMS: 1)
          try await ledger.finish(deployment, finish, steps: [step(2)], images: [image])
          written += 2
          if printsSeq, let seq = await ledger.lastSeq { for before in [2, 1] as [Int64] { report(seq - before) } }
        case let number: try await ledger.append(step(number), to: deployment)
        }
        written += 1
        if printsSeq, let seq = await ledger.lastSeq { report(seq) }
      }
    } catch {
      throw Failure(status: error.isDamage ? 65 : 1, text: error.message)
    }
  }

  private func step(_ number: Int) -> StepRecord {
    StepRecord(
      name: "step-\(number)", startedAt: Date(), durationMS: 1, exitStatus: 0, outcome: .succeeded,
      output: number == 2 ? "written by \(getpid())" : nil)
  }

  /// One flushed line, written as a whole.
  private func report(_ seq: Int64) {
    let line = Array("\(seq)\n".utf8)
    _ = write(STDOUT_FILENO, line, line.count)
  }
}

private func complain(_ text: String) {
  let bytes = Array(text.utf8)
  _ = write(STDERR_FILENO, bytes, bytes.count)
}
