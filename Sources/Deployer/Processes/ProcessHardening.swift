internal import CProcess
import Platform

/// Keeps this process's memory private, and off the disk after a crash.
public enum ProcessHardening {
  /// Applies everything below. Call it before anything else.
  public static func apply() {
    forbidCoreDumps()
    forbidInspection()
    forbidCrashReports()
    ignoreBrokenPipes()
  }

  /// Disables core dumps of this process and its children. Returns false if the system refuses.
  @discardableResult
  public static func forbidCoreDumps() -> Bool {
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    #if canImport(Glibc)
      return setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none) == 0
    #else
      return setrlimit(RLIMIT_CORE, &none) == 0
    #endif
  }

  /// Keeps debuggers and other processes of the same user from reading this one's memory and environment (Linux only).
  /// It also stops core dumps where the core pattern pipes to a program, which ignores the limit set by
  /// ``forbidCoreDumps()``. Returns false if the system refuses.
  @discardableResult
  public static func forbidInspection() -> Bool { cprocess_forbid_inspection() == 0 }

  /// Makes a crash end the process without a report: the Swift runtime's would dump memory near the registers.
  ///
  /// `SWIFT_BACKTRACE` is read before `main`, so setting it here has no effect. The signal handlers that the runtime
  /// installed for it can still be removed.
  public static func forbidCrashReports() {
    for number in [SIGQUIT, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP] { _ = signal(number, SIG_DFL) }
  }

  /// Makes a write to a process that has exited fail instead of killing this process.
  public static func ignoreBrokenPipes() {
    _ = signal(SIGPIPE, SIG_IGN)
  }
}
