/// What is sent to the remote shell, as pure text: definitions first, then calls. Each piece stands in braces, so that one
/// that arrives cut off is a syntax error and runs nothing: a shell does run a last line that has no newline, even if it
/// is the first letters of a word that happen to name a program, or a call that lacks its last arguments.
///
/// The calls themselves stand with the requests that make them.
struct RemoteScript {
  let nonce: Nonce
  let directory: String
  /// Relative to the directory; empty means what Compose finds by itself.
  let composeFiles: [String]
  /// Relative to the directory; empty means Compose's own `.env`.
  let envFiles: [String]

  /// How long a shell that holds the lock waits for its client, in seconds: as long as `ssh` waits for a silent host
  /// (15 s four times). A client that has been gone for longer holds no lock, even if its host has not noticed yet.
  var idleLimit = Self.defaultIdleLimit
  static let defaultIdleLimit = 60

  init(nonce: Nonce, directory: String, composeFiles: [String] = [], envFiles: [String] = []) {
    self.nonce = nonce
    self.directory = directory
    self.composeFiles = composeFiles
    self.envFiles = envFiles
  }

  /// The last line of each upload: it does nothing, and shows a shell that reads line by line where an upload ends.
  var endOfUpload: String { "end_\(nonce)" }

  /// The first upload: every function, the marker and the directory. It holds no secret.
  func prologue() -> [UInt8] {
    // The first line reports that the shell is there, before it reads the rest. From then on what it and its programs
    // complain about comes as output, so that ssh's standard error holds ssh's own words alone. A login shell may have left
    // a line without its end. The host's environment may ask for a trace, in bash even to a descriptor of its choice. A shell
    // without a `printf` of its own would start a program, with secrets in its arguments.
    let head = """
      { set +xv; exec 2>&1; case $(command -v printf) in printf) ;; *) echo '\(Self.unfitShell)'; exit 1 ;; esac; }
      { printf '\\n@@\(nonce) fact\\tconnected\\n'; }
      { mark='@@\(nonce) '
      idle_limit=\(idleLimit)
      end_of_upload=\(endOfUpload)
      \(endOfUpload)() { :; }
      directory=\(ShellQuoting.quoted(directory))
      env_files=\(ShellQuoting.quoted(envFiles.reversed().joined(separator: "\n")))

      """
    let start = "\n}\n{ for_each \"$login_places\" remove_orphaned_logins; }\n"
    return Array(head.utf8) + ShellLibrary.functions + Array(start.utf8)
  }

  /// What a shell says before anything else that cannot be used.
  static let unfitShell = "ktrdr: /bin/sh has no printf of its own"

  /// The options of Compose that select profiles.
  func options(profiles: [String]) -> [String] { profiles.flatMap { ["--profile", $0] } }

  /// A Compose command on a scope, by the shell function that runs it: with pins it reads one more compose file.
  func compose(_ scope: ComposeScope, _ command: [String]) -> [String] {
    [scope.isPinned ? "pinned" : "stack"] + options(profiles: scope.profiles) + command
  }

  func call(_ function: String, _ arguments: [String]) -> [UInt8] {
    let words = ([function] + arguments.map { ShellQuoting.quoted($0) }).joined(separator: " ")
    return Array("{ \(words) </dev/null; }\n".utf8)
  }

  /// Ends an upload that is answered when the calls before it have ended.
  var done: [UInt8] { Array("say 'done'\n\(endOfUpload)\n".utf8) }
}
