import Dispatch

/// Where the program begins. The main thread waits while the command runs on the pool: after an asynchronous `main` it would
/// end instead, and to end a thread its stack is unwound, by tables of a megabyte.
@main
enum Program {
  static func main() {
    let done = DispatchSemaphore(value: 0)
    Task.detached {
      await KTRDR.main()
      done.signal()
    }
    done.wait()
  }
}
