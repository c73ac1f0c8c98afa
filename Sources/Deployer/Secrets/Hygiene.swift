#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What the process does so that its memory does not outlive it.
public enum Hygiene {
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

  /// Lets a write to a program that is gone fail instead of ending this process.
  public static func ignoreBrokenPipes() {
    _ = signal(SIGPIPE, SIG_IGN)
  }
}
