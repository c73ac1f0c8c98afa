import Platform

/// The registry login in Docker's `config.json`.
enum RegistryLogin {
  /// `{"auths": {SERVER: {"auth": base64(USER:TOKEN)}}}`, as `docker login` writes it.
  static func configuration(server: String, username: String, token: Secret) -> [UInt8] {
    let auth = token.withBytes { Data(Array("\(username):".utf8) + Array($0)).base64EncodedString() }
    // Docker stores the login for Docker Hub under this address, whatever the registry is called.
    let key = ["docker.io", "index.docker.io"].contains(server) ? "https://index.docker.io/v1/" : server
    return Array(#"{"auths": {"\#(key)": {"auth": "\#(auth)"}}}"#.utf8)
  }
}
