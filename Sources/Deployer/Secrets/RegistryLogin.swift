import Platform

/// The login that Docker reads from its `config.json`.
enum RegistryLogin {
  /// `{"auths": {SERVER: {"auth": base64(USER:TOKEN)}}}`, the format that `docker login` itself writes.
  static func configuration(server: String, username: String, token: Secret) -> [UInt8] {
    let auth = token.withBytes { Data(Array("\(username):".utf8) + Array($0)).base64EncodedString() }
    // Docker Hub's logins are stored under this address, whatever name is used for it.
    let key = ["docker.io", "index.docker.io"].contains(server) ? "https://index.docker.io/v1/" : server
    return Array(#"{"auths": {"\#(key)": {"auth": "\#(auth)"}}}"#.utf8)
  }
}
