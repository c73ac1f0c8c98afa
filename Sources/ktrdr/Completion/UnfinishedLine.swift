import ArgumentParser

/// What the words of a command line say as far as it is typed. The last one may be unfinished, or empty.
struct UnfinishedLine: Equatable {
  /// What the last word is.
  enum Asked: Equatable {
    case command
    case option
    /// The value of an option, named without its dashes.
    case value(of: String, CommandGrammar.Argument)
    case positional(CommandGrammar.Argument?)
  }

  /// The names of the command, aliases resolved: `ledger`, `purge`.
  var command: [String]
  /// The arguments before the last word.
  var positionals: [String] = []
  /// The options before the last word, by name without dashes, with their values.
  var options: [String: [String]] = [:]
  var asked: Asked
  /// The part of the last word that is to be completed: what follows `--tag=`, or all of it.
  var current: String
  /// What precedes that part in the same word: `--tag=`, or nothing.
  var lead = ""
}

extension UnfinishedLine {
  /// `words` follow a command that was found already, and belong to it.
  init(command: [String], grammar: CommandGrammar, words: [String]) {
    self.init(command: command, asked: .command, current: words.last ?? "")
    var waiting: (name: String, argument: CommandGrammar.Argument)?
    var onlyPositionals = false
    for word in words.dropLast() {
      if let option = waiting {
        options[option.name, default: []].append(word)
        waiting = nil
      } else if onlyPositionals || !word.hasPrefix("-") || word == "-" {
        positionals.append(word)
      } else if word == "--" {
        onlyPositionals = true
      } else {
        let (spelled, value) = Self.split(word)
        guard let argument = grammar.option(spelled), let name = argument.offered?.name else { continue }
        options[name, default: []] += value.map { [$0] } ?? []
        if argument.kind == .option, value == nil { waiting = (name, argument) }
      }
    }
    if let waiting {
      asked = .value(of: waiting.name, waiting.argument)
    } else if !onlyPositionals, current.hasPrefix("-") {
      askForOption(in: grammar)
    } else {
      asked = .positional(grammar.positional(positionals.count))
    }
  }

  private mutating func askForOption(in grammar: CommandGrammar) {
    let (spelled, value) = Self.split(current)
    guard let value, let argument = grammar.option(spelled), let name = argument.offered?.name else {
      return asked = .option
    }
    asked = .value(of: name, argument)
    (lead, current) = ("\(spelled)=", value)
  }

  /// `--tag=v1` is `--tag` and `v1`.
  private static func split(_ word: String) -> (option: String, value: String?) {
    guard word.hasPrefix("--"), let sign = word.firstIndex(of: "=") else { return (word, nil) }
    return (String(word[..<sign]), String(word[word.index(after: sign)...]))
  }
}

/// A command that the words of a line lead to.
struct FoundCommand {
  var type: any ParsableCommand.Type
  var names: [String] = []
  /// The words that follow its name.
  var rest: ArraySlice<String>

  /// Follows the subcommands of `root` as far as the words before the last one name some.
  init(in root: any ParsableCommand.Type, words: [String]) {
    (type, rest) = (root, words[...])
    while rest.count > 1, let word = rest.first,
      let next = type.configuration.subcommands.first(where: {
        $0._commandName == word || $0.configuration.aliases.contains(word)
      })
    {
      type = next
      names.append(next._commandName)
      rest = rest.dropFirst()
    }
  }

  /// What takes the words if no subcommand does.
  var taker: any ParsableCommand.Type { type.configuration.defaultSubcommand ?? type }

  /// The subcommands of which one has to come next; none if the words can go on without.
  var awaited: [any ParsableCommand.Type] {
    guard rest.count == 1, type.configuration.defaultSubcommand == nil else { return [] }
    return type.configuration.subcommands.filter { $0.configuration.shouldDisplay }
  }
}
