import Platform
import TestSupport
import Testing

@testable import Deployer

/// The list of reserved variables against the programs that it is about.
struct VariableTests {
  /// What bash, dash and busybox have of their own, from their manuals, and what people often have in a compose file.
  private static let names = """
    _ ATTY BASH BASHOPTS BASHPID BASH_ALIASES BASH_ARGC BASH_ARGV BASH_ARGV0 BASH_CMDS BASH_COMMAND BASH_COMPAT BASH_ENV \
    BASH_EXECUTION_STRING BASH_LINENO BASH_LOADABLES_PATH BASH_MONOSECONDS BASH_REMATCH BASH_SOURCE BASH_SUBSHELL \
    BASH_TRAPSIG BASH_VERSINFO BASH_VERSION BASH_XTRACEFD CDPATH CHILD_MAX COLUMNS COMP_CWORD COMP_KEY COMP_LINE \
    COMP_POINT COMP_TYPE COMP_WORDBREAKS COMP_WORDS COMPREPLY COPROC DIRSTACK EMACS ENV EPOCHREALTIME EPOCHSECONDS EUID \
    EXECIGNORE FCEDIT FIGNORE FUNCNAME FUNCNEST GLOBIGNORE GLOBSORT GROUPS HISTCMD HISTCONTROL HISTFILE HISTFILESIZE \
    HISTIGNORE HISTSIZE HISTTIMEFORMAT HOME HOSTFILE HOSTNAME HOSTTYPE IFS IGNOREEOF INPUTRC LANG LC_ALL LC_COLLATE \
    LC_CTYPE LC_MESSAGES LC_NUMERIC LC_TIME LD_PRELOAD LINENO LINES MACHTYPE MAIL MAILCHECK MAILPATH MAPFILE OLDPWD OPTARG \
    OPTERR OPTIND OSTYPE PATH PIPESTATUS POSIXLY_CORRECT PPID PROMPT_COMMAND PROMPT_DIRTRIM PS0 PS1 PS2 PS3 PS4 PWD RANDOM \
    READLINE_LINE READLINE_POINT REPLY SECONDS SHELL SHELLOPTS SHLVL SRANDOM TERM TIMEFORMAT TMOUT TMPDIR TZ UID USER \
    LOGNAME auto_resume histchars EDITOR HTTP_PROXY NO_PROXY GOGC GODEBUG GOMAXPROCS XDG_RUNTIME_DIR COMPOSE_PORT_HTTP \
    DOCKER_IMAGE_BACKEND
    """.split(separator: " ").map(String.init)

  /// What ktrdr's script assigns.
  private static let ofScript = Set(
    String(decoding: ShellLibrary.functions, as: UTF8.self)
      .matches(of: /(?:^|[\s;({])(?:([a-z_]+)=|for ([a-z_]+) in)/).compactMap { ($0.1 ?? $0.2).map(String.init) })

  @Test(arguments: HostShell.allCases)
  func `every variable that is not reserved arrives, and harms no step`(shell: HostShell) async throws {
    let free = Set(Self.names).union(Self.ofScript).filter { !ReservedVariables.contains($0) }
    #expect(free.count > 80 && Self.ofScript.contains("env_files"))
    let host = try LocalHost(shell, envFiles: ["a.env", "b.env"])
    let values = free.map { (name: $0, value: Array("odd value 7".utf8)) }
    let spy = Array("stack_files=compose.yaml\ncompose() { env; echo \"arguments $*\"; }\n".utf8)
    let text = host.script.values(environment: values, login: []) + spy + host.script.pull(ComposeScope())
    let seen = try #require(try await host.call(text))
    #expect(seen.last == .end(step: "pull", status: 0), "\(seen)")
    for name in free { #expect(seen.contains(.output("\(name)=odd value 7")), "\(name)") }
    #expect(seen.contains(.output("arguments --env-file a.env --env-file b.env pull")))
    #expect(seen.contains(.output("COMPOSE_FILE=compose.yaml")))
  }

  /// A word of the plugin may have the beginning of the next one at its end, since Go keeps its texts without gaps.
  @Test func `every variable in Compose's plugin is reserved`() async throws {
    let look = #"grep -aoE '(COMPOSE|DOCKER)_[A-Z_]+' /usr/libexec/docker/cli-plugins/docker-compose | sort -u"#
    let found = try await Programs.run("/bin/sh", ["-c", look], environment: plainEnvironment)
    let words = found.output.split(separator: "\n").map(String.init)
    #expect(words.contains { $0.hasPrefix("COMPOSE_PROFILES") }, "\(found)")
    let known = ReservedVariables.all.union(ReservedVariables.prefixes)
    for word in words { #expect(known.contains { word.hasPrefix($0) }, "\(word)") }
  }
}
