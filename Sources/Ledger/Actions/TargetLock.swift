public import Platform

/// The right to deploy to one target from this machine, for as long as the value exists. The kernel releases it when the
/// process dies, so there are no stale locks to remove by hand.
public struct TargetLock: ~Copyable, Sendable {
  public let target: String
  private let descriptor: Int32

  /// Takes the lock, or throws `LockError.held` at once. `directory` is the ledger's; it is created if it is missing.
  public static func acquire(target: String, in directory: String) throws(LockError) -> TargetLock {
    let path = directory + "/" + name(of: target)
    do { try System.makeDirectory(directory) } catch { throw .unusable(path: path, reason: error.message) }
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw .unusable(path: path, reason: System.reason()) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      defer { close(descriptor) }
      guard code == EWOULDBLOCK else { throw .unusable(path: path, reason: System.reason(code)) }
      throw .held(target: target, by: LockHolder(text(of: descriptor)))
    }
    return TargetLock(target: target, descriptor: descriptor)
  }

  private init(target: String, descriptor: Int32) {
    self.target = target
    self.descriptor = descriptor
  }

  /// Unlocks before closing: a child process that has not yet started its own program has a copy of the descriptor, and
  /// closing alone would leave the lock with it.
  deinit {
    ftruncate(descriptor, 0)
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  /// Writes into the lock file who holds the lock, for others who find it held. Call it only while the lock is held.
  public var describer: @Sendable (_ operator: String, _ deployment: Int64?, _ since: Date) -> Void {
    let descriptor = descriptor
    return { name, deployment, since in
      // Line by line, so no byte of the name may end a line. CR LF is one character to Swift, and not equal to "\n".
      let clean = String(decoding: name.utf8.filter { $0 >= 32 }, as: UTF8.self)
      let bytes = Array("\(clean)\n\(deployment.map(String.init) ?? "")\n\(since.formatted(.iso8601))\n".utf8)
      ftruncate(descriptor, 0)
      _ = pwrite(descriptor, bytes, bytes.count, 0)
    }
  }

  /// The lock file's name. Characters that a file name should not have are written as `%` and their hexadecimal code.
  static func name(of target: String) -> String {
    let safe = target.utf8.map { byte -> String in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
        String(decoding: [byte], as: UTF8.self)
      default: "%" + Hex.text([byte])
      }
    }
    return "lock-" + safe.joined()
  }

  private static func text(of descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 1024)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }
}

/// Who holds a target's lock, as far as the lock file says.
public struct LockHolder: Sendable, Equatable {
  public var `operator`: String?
  public var deployment: Int64?
  /// RFC 3339 in UTC.
  public var since: String?

  /// Reads what `TargetLock.describer` wrote.
  init(_ text: String) {
    let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
      String(decoding: $0, as: UTF8.self)
    }
    if lines.count >= 3 {
      `operator` = lines[0]
      deployment = Int64(lines[1])
      since = lines[2]
    }
  }
}

/// Why a target's lock could not be taken.
public enum LockError: Error, Sendable, Equatable {
  /// Another deployment of this target is running on this machine: exit status 75.
  case held(target: String, by: LockHolder)
  case unusable(path: String, reason: String)

  /// What is so, with what to do about it.
  public var message: String {
    switch self {
    case .held: "\(what); wait until it ends and try again"
    case .unusable: "\(what); check the directory's permissions"
    }
  }

  /// What is so.
  public var what: String {
    switch self {
    case .held(let target, let holder):
      let who = holder.operator ?? "another process"
      let what = holder.deployment.map { " with deployment \($0)" } ?? ""
      let since = holder.since.map { " since \($0)" } ?? ""
      return "\(target) is being deployed by \(who)\(what)\(since)"
    case .unusable(let path, let reason):
      return "cannot take the lock \(path): \(reason)"
    }
  }
}
