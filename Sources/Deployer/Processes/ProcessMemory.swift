internal import CProcess

/// How this process takes memory from the system.
public enum ProcessMemory {
  /// Lets all threads share one place for it: they never do much at the same time. Call it before there is a second thread.
  public static func share() { cprocess_share_memory() }
}
