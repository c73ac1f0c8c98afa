import Platform

/// The login at one registry, as Docker's `config.json` holds it.
public struct RegistryLogin: Sendable {
  var server: String
  var username: String
  var token: Secret

  public init(server: String, username: String, token: Secret) {
    self.server = server
    self.username = username
    self.token = token
  }

  /// `user:token`, which Docker encodes as base64.
  var credentials: [UInt8] { Array("\(username):".utf8) + token.withBytes { Array($0) } }

  /// `{"auths": {SERVER: {"auth": base64(USER:TOKEN)}, …}}`, as `docker login` writes it; `{}` without a login.
  static func configuration(_ logins: [RegistryLogin]) -> [UInt8] {
    guard !logins.isEmpty else { return Array("{}".utf8) }
    let entries = logins.map { login in
      #""\#(login.key)": {"auth": "\#(Data(login.credentials).base64EncodedString())"}"#
    }
    return Array(#"{"auths": {\#(entries.joined(separator: ", "))}}"#.utf8)
  }

  /// Docker stores the login for Docker Hub under this address, whatever the registry is called.
  private var key: String { Registry.host(server) == "docker.io" ? "https://index.docker.io/v1/" : server }
}
