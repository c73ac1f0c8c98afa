import Platform

@testable import Deployer

/// One parser, the texts to begin with, and what it promises for every input.
struct Feeding: Sendable {
  struct Broken: Error, CustomStringConvertible {
    var promise: String
    var description: String { "fuzz: broken promise: \(promise); the input is in fuzz-last-input" }
  }

  let name: String
  let corpus: [[UInt8]]
  let feed: @Sendable ([UInt8]) throws -> Void

  static let targets = [
    Feeding(name: "inventory (YAML)", corpus: Corpus.inventories, feed: inventory),
    Feeding(name: "item (JSON)", corpus: Corpus.items, feed: item),
    Feeding(name: "remote output", corpus: Corpus.outputs, feed: output),
    Feeding(name: "redaction", corpus: Corpus.outputs, feed: redaction),
  ]

  /// Whatever is accepted has only names that a shell and ssh can take without quotes.
  private static func inventory(_ bytes: [UInt8]) throws {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let inventory = try? Inventory.parse(text, origin: .file(path: "fuzz")) else { return }
    for target in inventory.targets {
      guard !target.host.value.hasPrefix("-"), target.host.value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
        throw Broken(promise: "a host that ssh would take for an option: \(target.host)")
      }
      guard !target.directory.contains("\n"), target.directory.hasPrefix("/") else {
        throw Broken(promise: "a directory of several lines, or a relative one")
      }
    }
  }

  private static func item(_ bytes: [UInt8]) throws {
    guard let item = try? SecretItem(json: bytes, request: ItemRequest(item: "fuzz")) else { return }
    for field in ["db_password", "jwt_secret", "section.jwt_secret", "username", ""] {
      guard let value = try? item.value(ofField: field) else { continue }
      guard value.byteCount > 0 else { throw Broken(promise: "an empty value") }
    }
  }

  /// In one piece or in many, the result is the same, no form of the secret is in it, and a text without one stays as it is.
  private static func redaction(_ bytes: [UInt8]) throws {
    let whole = redacted([bytes])
    let pieces = stride(from: 0, to: bytes.count, by: 5).map { Array(bytes[$0..<min($0 + 5, bytes.count)]) }
    guard whole == redacted(pieces) else { throw Broken(promise: "the pieces make a difference to redaction") }
    let text = String(decoding: whole, as: UTF8.self)
    for form in Corpus.written where text.contains(form) { throw Broken(promise: "a secret: \(form)") }
    guard !text.contains("[REDACTED]"), whole != bytes else { return }
    throw Broken(promise: "a text without a secret that changed")
  }

  private static func redacted(_ pieces: [[UInt8]]) -> [UInt8] {
    var redactor = Redactor(Corpus.needles)
    return pieces.flatMap { redactor.push($0) } + redactor.finish()
  }

  /// In one piece or in many, the events are the same, none holds the secret, and none is longer than a line may be.
  private static func output(_ bytes: [UInt8]) throws {
    let whole = events([bytes])
    let pieces = stride(from: 0, to: bytes.count, by: 7).map { Array(bytes[$0..<min($0 + 7, bytes.count)]) }
    guard whole == events(pieces) else { throw Broken(promise: "the pieces make a difference") }
    var log = StepLog()
    for event in whole {
      _ = log.take(event)
      for form in Corpus.written where "\(event)".contains(form) { throw Broken(promise: "a secret: \(form)") }
      if case .output(let text) = event {
        guard !text.utf8.contains(UInt8(ascii: "\n")) else { throw Broken(promise: "two lines in one") }
        guard text.escapedForPeople().unicodeScalars.allSatisfy({ !$0.steersOutput }) else {
          throw Broken(promise: "a character that steers a terminal")
        }
        guard text.utf8.count <= 3 * RemoteEventParser.lineLimit else { throw Broken(promise: "a line without end") }
      }
    }
    guard events([bytes], .empty) == events(pieces, .empty) else {
      throw Broken(promise: "the pieces make a difference")
    }
    _ = Observation(whole)?.redacted(Corpus.needles)
    _ = UnsetVariables.named(in: String(decoding: bytes, as: UTF8.self))
    _ = PullFailure.classify(String(decoding: bytes, as: UTF8.self))
  }

  private static func events(_ pieces: [[UInt8]], _ needles: NeedleSet = Corpus.needles) -> [RemoteEvent] {
    var parser = RemoteEventParser(nonce: Corpus.nonce, needles: needles)
    return pieces.flatMap { parser.push($0) } + parser.finish()
  }
}
