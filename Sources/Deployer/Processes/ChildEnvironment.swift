/// Which of this process's environment variables a child process inherits.
public enum ChildEnvironment {
  /// The environment for `op`: without ktrdr's own variables, and without `names`, the variables that hold secrets.
  public static func forOnePassword(_ parent: [String: String], withholding names: [String]) -> [String: String] {
    parent.filter { name, _ in !name.hasPrefix("KTRDR_") && !names.contains(name) }
  }

  /// The environment for `ssh` and `git`: without 1Password's variables, and without `names`, the variables that hold
  /// secrets.
  public static func forOthers(_ parent: [String: String], withholding names: [String]) -> [String: String] {
    parent.filter { name, _ in !name.hasPrefix("OP_") && !names.contains(name) }
  }
}
