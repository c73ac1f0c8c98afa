/// Which of this process's variables a child gets to see.
public enum ChildEnvironment {
  /// For `op`: everything but the names under which Compose will get the secrets.
  public static func forOnePassword(_ parent: [String: String]) -> [String: String] {
    parent.filter { !$0.key.hasPrefix("KTRDR_") || $0.key.hasPrefix("KTRDR_LAB") }
  }

  /// For `ssh` and `git`: nothing of 1Password's, and nothing that is named like a secret of the deployment.
  public static func forOthers(_ parent: [String: String], withholding names: [String]) -> [String: String] {
    parent.filter { name, _ in !name.hasPrefix("OP_") && !names.contains(name) }
  }
}
