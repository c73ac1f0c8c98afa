import Ledger
import Platform
import TestSupport
import Testing

/// The page of `ktrdr report`, as a browser shows it. Needs `chromium`, which `make setup` installs.
struct ReportLookTests {
  /// What `Tests/tools/browser/look.py` saw.
  private struct Look: Decodable {
    var title, text: String
    var requests, messages, unread: [String]
    var page_width, view_width: Int
    var lowest_contrast: Double
    var lowest_contrast_of: String
  }

  private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").path

  /// A place with a ledger of every outcome and of hostile words, and its report.
  private func place(hostile: String = "") async throws -> TestDirectory {
    let place = try TestDirectory()
    let ledger = try await DeploymentLedger.open(path: "\(place.path)/ledger.db", access: .readWrite)
    for number in 0..<30 {
      let target = ["core", "workers-b", "shop\(hostile)"][number % 3]
      let start = DeploymentStart(
        kind: number % 7 == 6 ? .rollback : .deploy, target: target, host: "\(target).example.org",
        services: ["backend", "worker\(hostile)".filter { $0 != "," }], tag: "sha-0992ae0\(hostile)",
        gitSHA: String(repeating: "0992", count: 10), operator: "ana@example.org\(hostile)", client: "test",
        undoes: number % 7 == 6 ? Int64(number) : nil)
      let id = try await ledger.begin(start).id
      for name in ["pull", "changing", "up", "health"] {
        let step = StepRecord(name: name, startedAt: Date(), durationMS: 1200, exitStatus: 0, outcome: .succeeded)
        try await ledger.append(step, to: id)
      }
      let image = ImageIdentity(reference: "r/backend:\(hostile)1", id: "sha256:" + String(repeating: "ab", count: 32))
      try await ledger.append(ImageRecord(service: "backend", after: image), to: id)
      let outcome = number % 5 == 0 ? Outcome.allCases[number / 5 % 5] : .succeeded
      try await ledger.finish(
        id, Finish(outcome: outcome, reason: outcome == .succeeded ? nil : "unhealthy\(hostile)", durationMS: 5000))
    }
    let words = ["report", "--output", "report.html", "--sample", "3", "--seed", "2026", "--ledger", "ledger.db"]
    let environment = plainEnvironment.merging(KtrdrBinary.coverageEnvironment) { $1 }
    let result = try await Programs.run(KtrdrBinary.path, words, environment: environment, in: place.path)
    try #require(result.status == 0, "\(result.error)")
    return place
  }

  private func look(_ options: String..., at place: TestDirectory) async throws -> Look {
    let program = "\(Self.root)/Tests/tools/browser/look.py"
    let result = try await Programs.run(
      "python3", [program, "report.html"] + options, environment: plainEnvironment, in: place.path)
    try #require(result.status == 0, "\(result.error)")
    return try JSONDecoder().decode(Look.self, from: Data(result.output.utf8))
  }

  private static let hostile =
    "<script>document.title='owned'</script>\"'&\u{202E}" + String(repeating: "W", count: 400)

  @Test(
    arguments: [
      ["--width", "1200"], ["--width", "1200", "--dark"], ["--width", "800"], ["--width", "390"],
      ["--width", "390", "--dark"],
    ],
    ["", hostile])
  func `it fits the window, asks for nothing, and can be read`(options: [String], hostile: String) async throws {
    let place = try await place(hostile: hostile)
    let seen = try await look(options[0], options[1], options.count > 2 ? "--dark" : "--width=\(options[1])", at: place)
    #expect(seen.page_width <= seen.view_width, "\(seen.page_width)")
    #expect(seen.requests.isEmpty && seen.messages.isEmpty, "\(seen.requests) \(seen.messages)")
    #expect(seen.unread.isEmpty, "\(seen.unread.prefix(5))")
    // WCAG 2.2, AA.
    #expect(seen.lowest_contrast >= 4.5, "\(seen.lowest_contrast_of)")
    #expect(seen.title.hasPrefix("Deployments, "))
    for words in ["Proven: the ledger is whole", "✗ failed", "⊘ cancelled", "Change failure rate", "Sample"] {
      #expect(seen.text.contains(words), "\(words)")
    }
    #expect(hostile.isEmpty || seen.text.contains("<script>document.title='owned'</script>"))
  }

  @Test(arguments: [false, true])
  func `it prints: pages with all of the text, black on white from a dark screen too`(isDark: Bool) async throws {
    let place = try await place()
    _ = try await look("--pdf", "report.pdf", isDark ? "--dark" : "--width=1200", at: place)
    let text = try await Programs.run(
      "pdftotext", ["-layout", "report.pdf", "-"], environment: plainEnvironment, in: place.path)
    try #require(text.status == 0, "\(text.error)")
    // Each page ends with a form feed.
    #expect(text.output.filter { $0 == "\u{C}" }.count > 1)
    for words in ["Proven: the ledger is whole", "sha-0992ae0", "✗ failed", "Check it yourself"] {
      #expect(text.output.contains(words), "\(words)")
    }
    let picture = try await Programs.run(
      "pdftoppm", ["-r", "20", "-gray", "-singlefile", "report.pdf", "page"], environment: plainEnvironment,
      in: place.path)
    try #require(picture.status == 0, "\(picture.error)")
    let pixels = try place.bytes(of: "page.pgm").suffix(1000)
    #expect(pixels.allSatisfy { $0 > 200 })
  }
}
