import SystemPackage

/// A descriptor that is closed when its last owner lets go.
final class OwnedDescriptor: Sendable {
  let value: FileDescriptor

  init(_ value: FileDescriptor) { self.value = value }

  deinit { try? value.close() }
}
