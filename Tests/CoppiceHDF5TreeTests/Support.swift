import CoppiceFiles
import CoppiceModel
import CoppiceTestSupport
import SystemPackage

@testable import CoppiceHDF5Tree

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The Python that `make venv` installs.
let python = Specification.package.appending(".venv").appending("bin").appending("python").string
let hasPython = ShellCommand.run(python, "-c", "import h5py").status == 0

func open(
  _ path: FilePath, worker: FilePath? = nil, choices: ElementChoices = [],
  limits: ReadLimits = .standard
) throws(CoppiceError) -> CheckpointContents {
  try HDF5TreeFormat.open(
    InputFile(opening: path), at: path, access: worker.map { .worker($0) } ?? .inProcess,
    choices: choices, limits: limits)
}

func tree(_ path: FilePath) throws -> Tree<ArrayLeaf> { try open(path).tree }

extension CheckpointContents {
  /// The only tree; an empty one where there is none.
  var tree: Tree<ArrayLeaf> {
    guard case .unnamed(.tree(let tree)) = root else { return .dict([]) }
    return tree
  }
}

extension Tree where Leaf == NDArray {
  /// The same tree as a reader gives it.
  var asSources: Tree<ArrayLeaf> { mapLeaves { _, leaf in ArrayLeaf(leaf) } }
}

/// Writes a tree; gives what could not be said.
@discardableResult
func write(
  _ tree: Tree<ArrayLeaf>, to path: FilePath, custom: JSON? = nil, gzipLevel: Int? = nil
) throws(CoppiceError) -> [ConversionNote] {
  var contents = CheckpointContents(format: "test", root: .unnamed(.tree(tree)))
  contents.custom = custom
  let plan = try HDF5TreePlan(writing: tree, of: contents, gzipLevel: gzipLevel)
  try plan.write(to: path, durability: .buffered)
  return plan.notes
}

func array(_ dtype: DType, _ dimensions: [Int], _ bytes: [UInt8]) throws -> Tree<ArrayLeaf> {
  .leaf(ArrayLeaf(try NDArray(dtype: dtype, shape: Shape(dimensions)!, bytes: bytes)))
}

func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
