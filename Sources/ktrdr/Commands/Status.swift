import ArgumentParser
import Deployer
import Ledger
import Platform

struct Status: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Compare what should run according to the ledger with what is running.",
    discussion: """
      Each service has a verdict: in sync, completed, unrecorded, orphaned, drifted, unhealthy, stopped, missing or \
      unreachable. A target has the worst verdict of its services. Images are compared by config id or digest, never by tag alone. Needs no secrets.

      On a terminal, services that need somebody come first, with the command that restores what should run. If the output is \
      not a terminal, it is tab-separated, with every column.

      --watch looks again and again, and shows on a terminal what the last look found. Ctrl-C ends it.

      --at asks no host: it says what the ledger has of an earlier moment, and ends with 0. A service whose last deployment \
      had not ended by then, or whose end nobody saw, is unknown.

      Exit status: 0 if everything is in sync, otherwise 3, also while a target is being changed, or Compose cannot read its files. With --watch, Ctrl-C ends it with what the last look found.

      Examples:
        ktrdr status                         every target
        ktrdr status core workers B
        ktrdr status core --wide
        ktrdr status --watch                 every 5 seconds
        ktrdr status core --watch 30
        ktrdr status core --at 2026-11-01T14:30:00Z
        ktrdr status --json | jq '.[] | select(.verdict != "in sync")'
      """,
    aliases: ["ps"])

  @Argument(help: "The targets, such as core, workers-b or workers B (default: all).") var targets: [String] = []
  @OptionGroup var output: FormatOptions<RecordFormat>
  @OptionGroup var times: TimeOptions
  @Flag(help: "On a terminal, print a table with every column.") var wide = false

  @Option(
    help: ArgumentHelp(
      "On a terminal, look again this many seconds after each look (5 if left out), until Ctrl-C.",
      valueName: "seconds"),
    transform: { try WatchInterval($0) })
  var watch: WatchInterval?

  @Option(
    help: ArgumentHelp(
      "What ran at this time, by the ledger and without asking a host: 2026-11-01, a time like 2026-11-01T14:30Z, or an age like 12h.",
      valueName: "time"),
    transform: { try TimeArgument.parse($0, endOfDay: false) })
  var at: Date?

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard watch == nil || at == nil else { throw ValidationError("--watch and --at cannot be combined") }
    guard at ?? .distantPast <= Date() else { throw ValidationError("--at must not be in the future") }
    guard watch == nil || output.choice == .table else {
      throw ValidationError("--watch and \(output.json ? "--json" : "--format json") cannot be combined")
    }
  }

  func run() async throws {
    if let at { return try await printRecorded(at: at) }
    let terminal = Terminal(descriptor: STDOUT_FILENO, environment: global.environment)
    guard watch == nil || Terminal.canRedraw(isTerminal: terminal.isTerminal, global.environment) else {
      throw Failure.usage(
        "--watch needs a terminal that can redraw", next: "run 'ktrdr status' without it, as often as you want to look")
    }
    let inventory = try global.inventoryForHosts()
    let chosen = try inventory.targets(named: targets)
    let git = global.git(for: inventory.targets)
    let appearance = global.appearance(times: times.time, links: inventory.links)
    if let watch { return try await look(at: chosen, git, every: watch, on: terminal, appearance) }
    let look = try await global.look(at: chosen, with: StatusReader(hosts: global.hosts, git: git))
    global.report(look.unfinished)
    switch output.choice {
    case .json: global.console.print(try JSONText.of(look.targets.map(StatusRecord.init)))
    case .table: global.console.print(text(of: look, in: appearance))
    }
    for target in look.targets {
      for caveat in target.caveats { global.console.warning(caveat) }
      guard let error = target.error else { continue }
      global.console.failure(Failure(status: ExitStatus.checkFailed, error))
    }
    throw ExitCode(look.exitStatus)
  }

  private func look(
    at targets: [Target], _ git: GitRepository, every interval: WatchInterval, on terminal: Terminal,
    _ appearance: Appearance
  ) async throws {
    let watch = StatusWatch(targets.count, every: interval, isWide: wide, on: terminal, appearance)
    let reader = StatusReader(hosts: global.hosts(saying: watch.say), git: git)
    let stop = StopSignal()
    let signals = Signals(stop: stop, console: global.console, isPatient: false)
    defer { withExtendedLifetime(signals) {} }
    let last = try await watch.run(until: stop) { [global] in try await global.look(at: targets, with: reader) }
    throw ExitCode(StatusLook.exitStatus(of: last, stoppedBy: stop.signal ?? SIGINT))
  }

  private func printRecorded(at moment: Date) async throws {
    let inventory = try global.inventory()
    let chosen = try inventory.targets(named: targets)
    let ledger = try await global.openExistingLedger()
    await global.reportUnfinished(in: ledger, targets: chosen.map(\.name.value))
    let found: [RecordedTarget]
    do throws(LedgerError) {
      found = try await RecordedTarget.read(chosen, at: moment, in: ledger)
    } catch {
      throw Failure(error)
    }
    let appearance = global.appearance(times: times.time, links: inventory.links)
    switch output.choice {
    case .json: global.console.print(try JSONText.of(found.map { RecordedTargetRecord($0, at: moment) }))
    case .table where appearance.isTerminal:
      let table = RecordedTable(targets: found, moment: moment, appearance: appearance)
      global.console.print(table.lines(isWide: wide).joined(separator: "\n"))
    case .table:
      global.console.note(RecordedTable.title(moment, in: appearance))
      global.console.print(RecordedText.tabSeparated(found, in: appearance))
    }
  }

  private func text(of look: StatusLook, in appearance: Appearance) -> String {
    guard appearance.isTerminal else { return StatusText.tabSeparated(look.targets, in: appearance) }
    let report = StatusReport(targets: look.targets, busy: look.busy, appearance: appearance)
    return (wide ? StatusText.wide(look.targets, in: appearance) : report.lines()).joined(separator: "\n")
  }
}
