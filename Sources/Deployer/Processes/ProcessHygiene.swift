internal import CProcess
import Platform

/// What the process does so that its memory is seen by nobody and does not outlive it.
public enum ProcessHygiene {
  /// Everything that is below. To be called first of all.
  public static func apply() {
    forbidCoreDumps()
    forbidInspection()
    forbidCrashReports()
    ignoreBrokenPipes()
  }

  /// Forbids core dumps of this process and of its children. Returns false where the system refuses.
  @discardableResult
  public static func forbidCoreDumps() -> Bool {
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    #if canImport(Glibc)
      return setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none) == 0
    #else
      return setrlimit(RLIMIT_CORE, &none) == 0
    #endif
  }

  /// Keeps debuggers and other processes of the same user out of this one's memory and environment, on Linux. A core
  /// pattern that pipes to a program ignores the limit above; this one it heeds. Returns false where the system refuses.
  @discardableResult
  public static func forbidInspection() -> Bool { cprocess_forbid_inspection() == 0 }

  /// Lets a crash end the process in silence: Swift's runtime would print memory near the registers.
  ///
  /// `SWIFT_BACKTRACE` is read before `main`, so it cannot be set from here; the handlers that it brought can be removed.
  public static func forbidCrashReports() {
    for number in [SIGQUIT, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP] { _ = signal(number, SIG_DFL) }
  }

  /// Lets a write to a program that is gone fail instead of ending this process.
  public static func ignoreBrokenPipes() {
    _ = signal(SIGPIPE, SIG_IGN)
  }
}
