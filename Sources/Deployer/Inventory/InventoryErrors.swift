/// One thing that is wrong with an inventory.
public struct InventoryProblem: Sendable, Equatable {
  /// Counts from 1; `nil` when it is about the file as a whole.
  public var line: Int?
  /// Where in the document, e.g. `targets.core.host`; empty for the document itself.
  public var path: String
  public var what: String
  public var nextStep: String

  public init(line: Int?, path: String, what: String, nextStep: String) {
    self.line = line
    self.path = path
    self.what = what
    self.nextStep = nextStep
  }
}

/// Everything that is wrong with an inventory, at once.
public struct InventoryErrors: Error, Equatable, CustomStringConvertible {
  /// The file's path as the operator knows it.
  public var file: String
  /// Never empty, in the order of the file.
  public var problems: [InventoryProblem]

  public init(file: String, problems: [InventoryProblem]) {
    self.file = file
    self.problems = problems
  }

  /// One line a problem: `ktrdr.yml:12: targets.core.host: what is wrong; what to do`.
  public var message: String {
    problems.map { problem in
      let place = [file, problem.line.map(String.init)].compactMap { $0 }.joined(separator: ":")
      let said = "\(problem.what); \(problem.nextStep)"
      return [place, problem.path, said].filter { !$0.isEmpty }.joined(separator: ": ")
    }.joined(separator: "\n")
  }

  public var description: String { message }
}
