import Deployer
import Testing

struct InventoryLocationTests {
  private let all: Set = [
    "/a/b/ktrdr.yml", "/a/ktrdr.yml", "/ktrdr.yml", "/x/ktrdr/ktrdr.yml", "/h/.config/ktrdr/ktrdr.yml",
  ]

  private func find(
    flag: String? = nil, _ environment: [String: String] = [:], in directory: String = "/a/b/c", files: Set<String>
  ) -> InventoryLocation {
    .find(flag: flag, environment: environment, workingDirectory: directory) { files.contains($0) }
  }

  @Test func `the flag comes first, even if its file does not exist`() {
    #expect(find(flag: "f.yml", ["KTRDR_CONFIG": "e.yml"], files: all) == .file(path: "f.yml", source: .flag))
  }

  @Test func `the variable comes next, even if its file does not exist`() {
    #expect(find(["KTRDR_CONFIG": "e.yml"], files: all) == .file(path: "e.yml", source: .environment))
  }

  @Test func `an empty variable counts as unset`() {
    #expect(find(["KTRDR_CONFIG": "", "XDG_CONFIG_HOME": ""], files: []) == .builtIn)
  }

  @Test func `the nearest file in a parent directory is found, up to the root`() {
    #expect(find(files: all) == .file(path: "/a/b/ktrdr.yml", source: .workingDirectory))
    #expect(find(files: ["/ktrdr.yml"]) == .file(path: "/ktrdr.yml", source: .workingDirectory))
    #expect(find(in: "/", files: ["/ktrdr.yml"]) == .file(path: "/ktrdr.yml", source: .workingDirectory))
  }

  @Test func `the user's own file comes after the working directory's`() {
    let files: Set = ["/x/ktrdr/ktrdr.yml", "/h/.config/ktrdr/ktrdr.yml"]
    let user = InventoryLocation.Source.userConfiguration
    #expect(
      find(["XDG_CONFIG_HOME": "/x", "HOME": "/h"], files: files) == .file(path: "/x/ktrdr/ktrdr.yml", source: user))
    #expect(find(["HOME": "/h"], files: files) == .file(path: "/h/.config/ktrdr/ktrdr.yml", source: user))
    let relative = find(["XDG_CONFIG_HOME": "x", "HOME": "/h"], files: files)
    #expect(relative == .file(path: "/h/.config/ktrdr/ktrdr.yml", source: user))
  }

  @Test func `without a file the built-in inventory is used`() {
    #expect(find(["HOME": "/h"], files: []) == .builtIn)
  }
}
