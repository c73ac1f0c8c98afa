/// Variables that would change how the deployment itself runs, or that would not arrive: the host's shell, the dynamic
/// linker, Docker or Compose act on them. `docs/inventory.md` publishes the same list, which a test compares.
///
/// A name that only looks like one of theirs, such as `COMPOSE_PORT_HTTP`, is free. So are those that only matter to a
/// build (`BUILDX_*`, `BUILDKIT_*`), since a deployment builds nothing, and those that the tools pass on or use harmlessly
/// (`HTTP_PROXY`, `OTEL_*`, `TZ`).
enum ReservedVariables {
  static func contains(_ name: String) -> Bool {
    all.contains(name) || prefixes.contains { name.hasPrefix($0) }
  }

  static let all = Set(shell + script + docker + compose)

  /// What begins like this.
  static let prefixes = [
    "LD_", "DOCKER_CLI_OTEL_", "DOCKER_CLI_PLUGIN_", "DOCKER_CONTENT_TRUST", "COMPOSE_EXPERIMENTAL",
  ]

  /// The first two lines change what the shell and the linker do. The rest are bash's or dash's own: an assignment fails,
  /// or is ignored.
  static let shell = [
    "PATH", "HOME", "IFS", "ENV", "BASH_ENV", "PS4", "CDPATH", "EXECIGNORE", "FUNCNEST",
    "GLIBC_TUNABLES",
    "_", "BASHOPTS", "BASHPID", "BASH_ALIASES", "BASH_ARGC", "BASH_ARGV", "BASH_CMDS", "BASH_COMMAND", "BASH_LINENO",
    "BASH_SOURCE", "BASH_SUBSHELL", "BASH_VERSINFO", "DIRSTACK", "EPOCHREALTIME", "EPOCHSECONDS", "EUID", "FUNCNAME",
    "GROUPS", "HISTCMD", "LINENO", "OPTIND", "PIPESTATUS", "PPID", "RANDOM", "SECONDS", "SHELLOPTS", "SHLVL", "SRANDOM",
    "UID",
  ]

  /// What ktrdr's own script reads when it calls Compose.
  static let script = ["compose_plugin", "env_file", "env_files", "line_end", "stack_files"]

  /// From Docker's reference of its command line, and from the programs themselves.
  static let docker = [
    "DOCKER_API_VERSION", "DOCKER_AUTH_CONFIG", "DOCKER_BUILDKIT", "DOCKER_CERT_PATH", "DOCKER_CLI_HINTS",
    "DOCKER_CLI_HOOKS", "DOCKER_CONFIG", "DOCKER_CONTEXT", "DOCKER_CUSTOM_HEADERS", "DOCKER_DEFAULT_PLATFORM",
    "DOCKER_HIDE_LEGACY_COMMANDS", "DOCKER_HOST", "DOCKER_ORCHESTRATOR", "DOCKER_STACK_ORCHESTRATOR", "DOCKER_TLS",
    "DOCKER_TLS_VERIFY",
  ]

  /// From Compose's list of pre-defined variables, and from the plugin itself.
  static let compose = [
    "COMPOSE_ANSI", "COMPOSE_BAKE", "COMPOSE_COMPATIBILITY", "COMPOSE_CONVERT_WINDOWS_PATHS",
    "COMPOSE_DISABLE_ENV_FILE", "COMPOSE_ENV_FILES", "COMPOSE_FILE", "COMPOSE_IGNORE_ORPHANS", "COMPOSE_MENU",
    "COMPOSE_PARALLEL_LIMIT", "COMPOSE_PATH_SEPARATOR", "COMPOSE_PROFILES", "COMPOSE_PROGRESS",
    "COMPOSE_PROJECT_NAME", "COMPOSE_REMOVE_ORPHANS", "COMPOSE_STATUS_STDOUT",
  ]
}
