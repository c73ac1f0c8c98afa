/// Which of this process's variables a child gets to see.
public enum ChildEnvironment {
  /// For `op`: nothing of ktrdr's own, and nothing that is named like a secret of the deployment.
  public static func forOnePassword(_ parent: [String: String], withholding names: [String]) -> [String: String] {
    parent.filter { name, _ in !name.hasPrefix("KTRDR_") && !names.contains(name) }
  }

  /// For `ssh` and `git`: nothing of 1Password's, and nothing that is named like a secret of the deployment.
  public static func forOthers(_ parent: [String: String], withholding names: [String]) -> [String: String] {
    parent.filter { name, _ in !name.hasPrefix("OP_") && !names.contains(name) }
  }
}
