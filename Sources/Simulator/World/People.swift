// People: they plug, unplug, tap, press and open doors, and some do it at the wrong moment.

public import Post

extension World {
    private func connector(_ place: Place) -> SimulatedConnector? {
        guard posts.indices.contains(place.post), posts[place.post].connectors.indices.contains(place.connector)
        else {
            return nil
        }
        return posts[place.post].connectors[place.connector]
    }

    /// Somebody plugs a vehicle in. Returns false if there is no such connector or a vehicle is in it already.
    @discardableResult
    public func plug(_ vehicle: VehicleProfile, at place: Place) -> Bool {
        connector(place)?.plug(vehicle) ?? false
    }

    /// Somebody draws the plug. Returns false if nothing is plugged in, or the vehicle or the post still holds it.
    @discardableResult
    public func unplug(at place: Place) -> Bool { connector(place)?.unplug(byForce: false) ?? false }

    /// The plug is torn out whoever holds it: a vehicle drives off. Returns false if nothing is plugged in.
    @discardableResult
    public func tearOut(at place: Place) -> Bool {
        guard let connector = connector(place), connector.vehicle != nil else { return false }
        connector.settle()
        guard connector.unplug(byForce: true) else { return false }
        if let drivesOff = FaultKind(.vehicle, .drops) { judge.breaks(drivesOff, place, connector.branch, at: now) }
        return true
    }

    /// Somebody shows a card. Returns false if there is no such reader or nobody runs the post.
    @discardableResult
    public func tap(_ token: [UInt8], reader: ReaderID = ReaderID(0), post: Int = 0) -> Bool {
        guard posts.indices.contains(post), posts[post].readers.indices.contains(Int(reader.index)) else {
            return false
        }
        let post = posts[post]
        guard post.isAlive, !post.readers[Int(reader.index)].isGone else { return false }
        post.tokenShown(token, at: reader)
        return true
    }

    /// Somebody presses the stop button of a connector and lets go half a second later.
    @discardableResult
    public func pressStop(at place: Place) -> Bool {
        guard let connector = connector(place) else { return false }
        connector.stopButton.isDown = true
        connector.post.touchLines()
        schedule(at: now + .milliseconds(500)) { [unowned connector] in
            connector.stopButton.isDown = false
            connector.post.touchLines()
        }
        return true
    }
}

extension SimulatedPost {
    /// The emergency stop's contact bounces: it reads the other way each time, and pressed at the end.
    func emergencyStopBounces(left: UInt32) {
        guard left > 0 else { return }
        enclosure.levels.emergencyStopPressed = left % 2 == 1
        touchLines()
        plan(.emergencyStopBounce, index: 0, generation: left - 1, after: .milliseconds(7))
    }
}
