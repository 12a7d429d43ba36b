import CoppiceCommands

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@main
struct Tool {
  static func main() async { exit(await runCoppice()) }
}
