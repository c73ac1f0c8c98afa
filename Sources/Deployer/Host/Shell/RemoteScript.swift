/// What is sent to the remote shell, as pure text: definitions first, then calls. Each piece stands in braces, so that one
/// that arrives cut off is a syntax error and runs nothing: a shell does run a last line that has no newline, be it the
/// first letters of a word that happen to be a program, or a call that lacks its last arguments.
struct RemoteScript {
  let nonce: Nonce
  let directory: String
  /// Relative to the directory; empty means what Compose finds by itself.
  var composeFiles: [String]
  /// The images that the compose files do not decide.
  var pins: [Pin] = []

  /// How long a shell that holds the lock waits for its client, in seconds: as long as `ssh` waits for a silent host
  /// (15 s four times). A client that has been gone for longer holds no lock, even where its host has not noticed yet.
  var idleLimit = 60

  /// The last line of each upload: it does nothing, and tells a shell that reads line by line where an upload ends.
  var endOfUpload: String { "end_\(nonce)" }

  /// The first upload: every function, the marker and the directory. It holds no secret.
  func prologue() -> [UInt8] {
    // The first line says that the shell is there, before it reads the rest.
    let head = """
      { printf '@@\(nonce) fact\\tconnected\\n'; }
      { mark='@@\(nonce) '
      idle_limit=\(idleLimit)
      end_of_upload=\(endOfUpload)
      \(endOfUpload)() { :; }
      directory=\(ShellQuoting.quoted(directory))

      """
    return Array((head + ScriptLibrary.functions + "\n}\n").utf8)
  }

  /// Looks at what a deployment needs. `variables` are given to Compose as placeholders, so that it lists its services.
  /// `ledger` is the id of the ledger whose last anchor is asked for; of the images that are `known` the digests are not
  /// told.
  func check(
    variables: [String], profiles: [String], ledger: String = "", knowing known: [String] = []
  ) -> [UInt8] {
    placeholders(variables) + call("ktrdr_check", [ledger]) + call("ktrdr_files", composeFiles)
      + call("ktrdr_survey", [known.joined(separator: " "), "services"] + options(profiles: profiles)) + done
  }

  /// The same for a person: instead of what runs it tells which versions of Docker and Compose are there.
  func diagnosis(variables: [String]) -> [UInt8] {
    placeholders(variables) + call("ktrdr_check", [""]) + call("ktrdr_versions", [])
      + call("ktrdr_files", composeFiles) + call("ktrdr_services", ["services"] + options(profiles: [])) + done
  }

  private func placeholders(_ variables: [String]) -> [UInt8] {
    let exports = variables.map { "\($0)=placeholder; export \($0); " }.joined()
    return Array("{ with_placeholders() { ( \(exports)\"$@\" ); }; }\n".utf8)
  }

  /// Lists the services of every profile.
  func everyService() -> [UInt8] {
    call("ktrdr_services", ["every-service"] + options(profiles: ["*"])) + done
  }

  /// The second upload: the values, which only the process that needs them gets to see.
  func values(environment: [(name: String, value: [UInt8])], login: [UInt8]) -> [UInt8] {
    var text = Array("{ with_environment() { ( ".utf8)
    for (name, value) in environment {
      text += Array("\(name)=".utf8) + ShellQuoting.quoted(value) + Array("; export \(name); ".utf8)
    }
    text += Array("\"$@\" ); }\nregistry_login() { printf '%s' ".utf8) + ShellQuoting.quoted(login)
    text += Array("; }\npins() { printf '%s' ".utf8) + ShellQuoting.quoted(Pin.composeFile(pins))
    return text + Array("; }\n}\n\(endOfUpload)\n".utf8)
  }

  /// Takes the host's lock; `owner` is what whoever has to wait is told. From then on the shell waits no longer than
  /// ``idleLimit`` for the next upload.
  func lock(owner: String) -> [UInt8] {
    call("ktrdr_lock", [owner]) + Array("{ ktrdr_serve; }\n\(endOfUpload)\n".utf8)
  }
  /// Looks what runs: at all containers of the project, or at those with these ids where there are no others. Of the images
  /// that are `known` the digests are not told again.
  func look(onlyAt ids: [String] = [], knowing known: [String] = []) -> [UInt8] {
    call("ktrdr_look", [ids.joined(separator: " ")] + known) + done
  }
  func logs(container: String, lines: Int) -> [UInt8] { call("ktrdr_logs", [container, "\(lines)"]) + done }
  func anchors(of ledger: String) -> [UInt8] { call("ktrdr_anchors", [ledger]) + done }
  /// Leaves an anchor on the host; where it `isLast`, the shell ends instead of waiting for another upload.
  func anchor(_ line: String, isLast: Bool = false) -> [UInt8] {
    call("ktrdr_anchor", [line]) + (isLast ? Array("{ say done; exit; }\n\(endOfUpload)\n".utf8) : done)
  }
  /// Asks which of the images are on the host.
  func images(_ references: [String]) -> [UInt8] { call("ktrdr_images", references) + done }
  /// Stops and removes these containers, and no others.
  func remove(containers: [String]) -> [UInt8] { call("ktrdr_remove", containers) + done }

  func pull(services: [String], profiles: [String]) -> [UInt8] {
    call("ktrdr_pull", [runner] + options(profiles: profiles) + ["pull", "-q"] + services) + done
  }

  /// Reads the compose files with every value in place, where nothing has to be pulled.
  func config(profiles: [String]) -> [UInt8] {
    call("ktrdr_config", [runner] + options(profiles: profiles) + ["config", "-q"]) + done
  }

  /// A single service goes without what it depends on: the database is never recreated because the backend is deployed.
  func up(services: [String], profiles: [String]) -> [UInt8] {
    let dependencies = services.isEmpty ? [] : ["--no-deps"]
    return call("ktrdr_up", [runner] + options(profiles: profiles) + ["up", "-d"] + dependencies + services) + done
  }

  /// The shell function that runs Compose: with pins it reads one more compose file, from its standard input.
  private var runner: String { pins.isEmpty ? "compose" : "pinned" }

  private func options(profiles: [String]) -> [String] {
    (composeFiles + (pins.isEmpty ? [] : ["-"])).flatMap { ["-f", $0] } + profiles.flatMap { ["--profile", $0] }
  }

  private func call(_ function: String, _ arguments: [String]) -> [UInt8] {
    let words = ([function] + arguments.map { ShellQuoting.quoted($0) }).joined(separator: " ")
    return Array("{ \(words) </dev/null; }\n".utf8)
  }

  private var done: [UInt8] { Array("say done\n\(endOfUpload)\n".utf8) }

  init(nonce: Nonce, directory: String, composeFiles: [String]) {
    self.nonce = nonce
    self.directory = directory
    self.composeFiles = composeFiles
  }
}
