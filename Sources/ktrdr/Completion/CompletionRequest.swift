import ArgumentParser
import Deployer
import Ledger
import Platform

/// A shell's question: what can the last of these words be?
///
/// It is answered or there is no answer, without any message: who presses a key has not asked for the state of a file. Asks
/// no host, and believes an inventory as little as any other command does.
struct CompletionRequest {
  /// The first word of the question. No command can have this name.
  static let word = "---complete"
  /// In whole seconds. A ledger that another process keeps busy is not waited for.
  static let limit: UInt32 = 3

  var shell: Completion.Shell
  /// The words after `ktrdr`, up to the cursor.
  var words: [String]

  /// `nil` if the question is none that a script of this version asks.
  init?(_ arguments: [String]) {
    guard arguments.count > 2, let shell = Completion.Shell(rawValue: arguments[1]) else { return nil }
    self.shell = shell
    let typed = Array(arguments.dropFirst(2))
    words = shell == .bash ? BashWords.joined(typed) : typed
    // The last word is not finished.
    words = FirstWords.expanded(words.dropLast()) + words.suffix(1)
  }

  /// Prints the answer.
  static func answer(_ arguments: [String]) async {
    _ = signal(SIGALRM) { _ in _exit(0) }
    alarm(limit)
    guard let request = CompletionRequest(arguments) else { return }
    let lines = await request.lines()
    guard !lines.isEmpty else { return }
    Console.standard.print(lines.joined(separator: "\n"))
  }

  private func lines() async -> [String] {
    let isHelp = words.count > 1 && words.first == "help"
    let found = FoundCommand(in: KTRDR.self, words: isHelp ? Array(words.dropFirst()) : words)
    let awaited = found.awaited
    if isHelp || (!awaited.isEmpty && !(words.last ?? "").hasPrefix("-")) {
      let names = awaited.map { Candidate($0._commandName, $0.configuration.abstract) }
      return reply(to: words.last ?? "").lines(names)
    }
    let grammar = CommandGrammar(of: found.taker)
    let line = UnfinishedLine(command: found.names, grammar: grammar, words: Array(found.rest))
    let reply = reply(to: line.current, lead: line.lead)
    switch line.asked {
    case .command: return []
    case .option: return reply.lines(line.optionsLeft(of: grammar))
    case .value(_, let argument), .positional(.some(let argument)):
      if argument.completionKind?.file != nil { return [CompletionReply.path] }
      if let list = argument.completionKind?.list { return reply.lines(list.values.map { Candidate($0) }) }
    case .positional(nil): return []
    }
    guard let value = LiveValue(for: line) else { return [] }
    return reply.lines(await candidates(for: value, in: line))
  }

  private func reply(to current: String, lead: String = "") -> CompletionReply {
    CompletionReply(shell: shell, current: current, lead: lead)
  }

  private func candidates(for value: LiveValue, in line: UnfinishedLine) async -> [Candidate] {
    guard let global = GlobalOptions.named(by: line) else { return [] }
    var live = LiveCandidates(inventory: try? global.inventory())
    live.chosen = live.inventory.map(line.chosen) ?? []
    if value.needsLedger, let ledger = try? await global.openLedgerIfPresent() {
      let target = live.chosen.count == 1 ? live.chosen.first?.name.value : nil
      live.recent = (try? await ledger.history(HistoryFilter(target: target, limit: LiveCandidates.considered))) ?? []
    }
    return live.all(of: value)
  }
}

extension UnfinishedLine {
  /// The options that can still be given.
  fileprivate func optionsLeft(of grammar: CommandGrammar) -> [Candidate] {
    let left = grammar.options.filter { $0.isRepeating || options[$0.offered?.name ?? ""] == nil }
    let version = command.isEmpty ? [Candidate("--version", "The version.")] : []
    return left.compactMap { option in option.offered.map { Candidate($0.spelled, option.abstract) } } + version
  }
}

extension GlobalOptions {
  /// Those of an unfinished line. A shell has not replaced `~` yet.
  fileprivate static func named(by line: UnfinishedLine) -> GlobalOptions? {
    let home = ProcessInfo.processInfo.environment["HOME"] ?? ""
    let words = ["config", "ledger"].flatMap { name in
      line.options[name]?.last.map { ["--\(name)=\($0.hasPrefix("~/") ? home + $0.dropFirst() : $0)"] } ?? []
    }
    return try? GlobalOptions.parse(words)
  }
}
