import Platform

/// The program under test, as the tests start it.
public enum KtrdrBinary {
  /// `$KTRDR_BINARY`, or the build's product, which stands beside the test bundle, whose path the runner is given.
  public static let path: String = {
    if let chosen = ProcessInfo.processInfo.environment["KTRDR_BINARY"] { return chosen }
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
    return URL(filePath: bundle).deletingLastPathComponent().appending(path: "ktrdr").path
  }()

  /// What makes an instrumented child leave its coverage where `scripts/coverage` finds it: one file per child, since a
  /// child that is killed while it writes into a shared one would spoil it. In a directory of their own, because `swift
  /// test` takes seconds to merge hundreds of files beside the runner's. Empty where this run is not measured.
  public static let coverageEnvironment: [String: String] = {
    guard let own = ProcessInfo.processInfo.environment["LLVM_PROFILE_FILE"], let slash = own.lastIndex(of: "/") else {
      return [:]
    }
    return ["LLVM_PROFILE_FILE": "\(own[..<slash])-programs/ktrdr-%p-%m.profraw"]
  }()
}
