import CoppiceModel

/// The storages of the tensors of a file, and the place of each tensor in its storage.
///
/// Tied tensors keep one storage, so that they are still tied after loading.
struct TensorPlaces {
  /// The place of a tensor.
  struct Place {
    /// The index of the storage.
    var storage: Int
    /// The offset of the first element in the storage, in elements.
    var offset: Int
  }

  /// The places, in the order of the tensors.
  private(set) var places: [Place] = []

  /// The index of the tensor that fills each storage, in the order in which tensors first use them.
  private(set) var owners: [Int] = []

  /// Finds the places of tensors.
  init(of sources: [any ArraySource]) {
    var storages: [Int: Int] = [:]
    for place in ArrayTies(of: sources).places {
      let storage = storages[place.owner] ?? owners.count
      if storage == owners.count {
        storages[place.owner] = storage
        owners.append(place.owner)
      }
      places.append(Place(storage: storage, offset: place.offset))
    }
  }
}
