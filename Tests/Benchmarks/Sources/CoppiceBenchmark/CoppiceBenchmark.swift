#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Measures saving and loading.
///
///     CoppiceBenchmark --workload W1 --op all --dir DIRECTORY --runs 3
@main
enum CoppiceBenchmark {
  static func main() async {
    guard let arguments = Arguments(Array(CommandLine.arguments.dropFirst())),
      let workload = Workload(arguments.workload)
    else {
      complain("usage: CoppiceBenchmark --workload W1 --op all --dir DIRECTORY --runs N")
    }
    do {
      try await Benchmark(arguments, workload).run()
    } catch {
      complain("\(error)")
    }
  }

  private static func complain(_ message: String) -> Never {
    (message + "\n").withCString { _ = write(2, $0, strlen($0)) }
    exit(2)
  }
}
