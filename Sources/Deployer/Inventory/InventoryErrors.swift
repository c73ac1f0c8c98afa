/// One mistake in an inventory.
public struct InventoryProblem: OperatorError, Equatable {
  /// The line in the file, from 1; `nil` if the problem is about the whole file.
  public var line: Int?
  /// The key in the document, e.g. `targets.core.host`; empty for the document itself.
  public var path: String
  public var what: String
  public var nextStep: String?

  public init(line: Int?, path: String, what: String, nextStep: String?) {
    self.line = line
    self.path = path
    self.what = what
    self.nextStep = nextStep
  }
}

/// Every mistake in an inventory.
public struct InventoryErrors: OperatorError, Equatable {
  /// The file's path as the operator knows it.
  public var file: String
  /// Never empty, in file order.
  public var problems: [InventoryProblem]

  public init(file: String, problems: [InventoryProblem]) {
    self.file = file
    self.problems = problems
  }

  /// One line per problem: `ktrdr.yml:12: targets.core.host: what is wrong; what to do`.
  public var what: String {
    problems.map { problem in
      let place = [file, problem.line.map(String.init)].compactMap { $0 }.joined(separator: ":")
      return [place, problem.path, problem.oneLine].filter { !$0.isEmpty }.joined(separator: ": ")
    }.joined(separator: "\n")
  }

  /// `nil`: each problem has its own.
  public var nextStep: String? { nil }
}
