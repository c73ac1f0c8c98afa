import ArgumentParser
import Platform

/// What the argument parser says of one command: its options and arguments. It is asked for the one command that is
/// completed, because to describe all of them takes longer than a key press may.
struct CommandGrammar: Decodable, Equatable {
  struct Argument: Decodable, Equatable {
    enum Kind: String, Decodable { case positional, option, flag }
    struct Name: Decodable, Equatable {
      enum Kind: String, Decodable { case long, short, longWithSingleDash }
      var kind: Kind
      var name: String
      var spelled: String { (kind == .long ? "--" : "-") + name }
    }
    struct Values: Decodable, Equatable {
      struct List: Decodable, Equatable { var values: [String] }
      struct Paths: Decodable, Equatable {}
      var list: List?
      var file: Paths?
    }

    var kind: Kind
    var names: [Name]?
    var abstract: String?
    var isRepeating: Bool
    var shouldDisplay: Bool
    var completionKind: Values?

    /// The name that is offered: the long one, if there is one.
    var offered: Name? { names?.first { $0.kind == .long } ?? names?.first }
  }

  var arguments: [Argument]

  var options: [Argument] { arguments.filter { $0.kind != .positional && $0.shouldDisplay } }

  /// The option with this spelling, dashes included.
  func option(_ word: String) -> Argument? {
    arguments.first { $0.names?.contains { $0.spelled == word } ?? false }
  }

  /// The argument at a position; the last one, if it repeats, for every later position.
  func positional(_ index: Int) -> Argument? {
    let all = arguments.filter { $0.kind == .positional }
    return index < all.count ? all[index] : all.last.flatMap { $0.isRepeating ? $0 : nil }
  }
}

extension CommandGrammar {
  private struct Tool: Decodable {
    struct Command: Decodable { var arguments: [Argument]? }
    var command: Command
  }

  /// The grammar of a command; without options if the parser does not describe it in the way that this knows.
  init(of command: any ParsableCommand.Type) {
    let described = try? JSONDecoder().decode(Tool.self, from: Data(command._dumpHelp().utf8))
    arguments = described?.command.arguments ?? []
  }
}
