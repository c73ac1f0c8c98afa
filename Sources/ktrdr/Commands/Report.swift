import ArgumentParser
import Deployer
import Ledger
import Platform

struct Report: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Write a page about a period for an auditor or a post-mortem.",
    discussion: """
      One HTML file that needs nothing else: the verdict of 'ledger verify', every deployment of the period, a timeline, the \
      figures of 'stats', rollbacks beside what they undo, and a sample that can be drawn again from its seed. Of a damaged \
      ledger, the page has what can be read, and says so at the top.

      Exit status: 0 written, and the ledger is proven; 3 written, but an anchor is not proven; 65 damaged.

      Examples:
        ktrdr report --since 2026-10-01 --until 2026-12-31 --output q4.html
        ktrdr report --anchors --sample 40 --seed 20261231 --output audit.html
        ktrdr report --since 7d --sample 0 --output - >week.html
      """)

  @OptionGroup var period: PeriodOptions

  @Option(
    help: ArgumentHelp("The file to write, or - for standard output.", valueName: "file"), completion: .file())
  var output: String

  @Option(
    help: ArgumentHelp("How many deployments to draw for a closer look (default: 25).", valueName: "count"))
  var sample: Int = 25

  @Option(
    help: ArgumentHelp(
      "The text to draw the sample by, so that it can be drawn again (default: a random number).", valueName: "text"))
  var seed: String?

  @Flag(help: "Also compare the ledger with the anchors on every target's host.") var anchors = false

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard sample >= 0 else { throw ValidationError("--sample must be at least 0") }
    if let problem = seed.flatMap(Sample.problem(withSeed:)) { throw ValidationError(problem) }
  }

  func run() async throws {
    if output != "-" { _ = try ReportFile.destination(output, keeping: global.ledgerPath) }
    let ledger = try await global.openLedgerForInspection()
    await global.reportUnfinished(in: ledger)
    let (content, deployments) = try await content(of: ledger)
    let page = ReportPage(content, deployments: deployments).html
    if output == "-" {
      try global.console.emit(page)
    } else {
      try ReportFile.write(page, to: output, keeping: global.ledgerPath)
    }
    explain(content)
    if let status = content.proof.exitStatus { throw ExitCode(status) }
    if content.found.unreadable != nil { throw ExitCode(ExitStatus.damaged) }
  }

  /// Reads and verifies the ledger side by side. If it has grown since it was verified, it is verified again, so that the
  /// proof covers all that was read.
  private func content(of ledger: DeploymentLedger) async throws -> (ReportContent, Markup) {
    let now = Date()
    let reader = ReportReader(
      ledger: try await global.openLedgerForInspection(), since: period.since, until: period.until, now: now)
    let (size, seed) = (sample, seed ?? "\(UInt64.random(in: 0...UInt64.max))")
    async let reading = Task.detached {
      let found = await reader.read(size: size, seed: seed)
      return (found, ReportPage.sections(of: found))
    }.value
    var proof = try await LedgerProof.of(ledger, VerifyOptions(), anchors: anchors, global)
    let (found, deployments) = await reading
    if let head = try? await reader.ledger.head(), head.seq > proof.verification.head?.seq ?? 0 {
      proof = try await LedgerProof.of(ledger, VerifyOptions(), anchors: anchors, global)
    }
    let content = ReportContent(
      ledgerPath: ledger.path, ledgerID: ledger.id, since: period.since, until: period.until, generatedAt: now,
      generator: BuildVersion.text, proof: proof, found: found)
    return (content, deployments)
  }

  private func explain(_ content: ReportContent) {
    let count = content.found.population.count
    global.console.note("ledger \(content.proof.verdict); \(count) deployment\(count == 1 ? "" : "s") in the report")
    if let sample = content.found.sample {
      global.console.note("sample of \(sample.deployments.count) drawn with --seed \(sample.seed)")
    }
    for problem in content.proof.verification.problems.prefix(3) { global.console.warning(problem.what) }
    if let reason = content.found.unreadable { global.console.warning(reason) }
  }
}
