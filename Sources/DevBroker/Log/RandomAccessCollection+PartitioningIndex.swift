extension RandomAccessCollection where Index == Int {
    /// The first index whose element, and all after it, fulfil the predicate; `endIndex` if none does.
    func partitioningIndex(where belongsToSecondPart: (Element) -> Bool) -> Int {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = low + (high - low) / 2
            if belongsToSecondPart(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
