/// The shell functions that the client uploads once a connection and then calls by name: the `.sh` files beside this one,
/// embedded when ktrdr is built.
enum ShellLibrary {
  static let functions: [UInt8] =
    PackageResources.markers_sh + PackageResources.compose_sh + PackageResources.check_sh + PackageResources.observe_sh
    + PackageResources.change_sh + PackageResources.lock_sh + PackageResources.anchors_sh
}
