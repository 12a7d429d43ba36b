// CoppiceFuzz TARGET [OPTION OF LIBFUZZER...], or without arguments the targets' names.

import CLibFuzzer
import CoppiceFuzzing
import Foundation

let name = CommandLine.arguments.dropFirst().first
guard let target = FuzzTarget.all.first(where: { $0.name == name }) else {
  for target in FuzzTarget.all { print(target.name) }
  exit(name == nil ? 0 : 2)
}
FuzzTarget.chosen = target
// The name of the program stays, and that of the target goes.
let arguments = CommandLine.unsafeArgv
arguments[1] = arguments[0]
var rest: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = arguments + 1
var count = CommandLine.argc - 1
exit(
  LLVMFuzzerRunDriver(&count, &rest) { bytes, count in
    FuzzTarget.chosen?.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
  })
