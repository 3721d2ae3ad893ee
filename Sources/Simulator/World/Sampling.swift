// When far devices speak: often while a connector is live, seldom while it rests.

import Post

extension World {
    /// Interval between samples of a device in its present mode.
    private func cadence(_ post: Int, _ device: SampledDevice, _ index: Int) -> Interval {
        switch device {
        case .stage: posts[post].stages[index].isOn ? .milliseconds(100) : .seconds(10)
        case .meter: posts[post].connectors[index].meter.isFast ? .milliseconds(200) : .seconds(10)
        case .insulation: posts[post].connectors[index].monitor.mode == .rest ? .seconds(10) : .seconds(1)
        case .temperature: posts[post].connectors[index].thermometers.isFast ? .seconds(1) : .seconds(10)
        case .vehicle: .milliseconds(100)
        }
    }

    /// The first sample of a device, at a moment of its own so that not all speak at once.
    func startSampling(_ post: Int, _ device: SampledDevice, _ index: Int, _ generation: UInt32) {
        plan(
            .sample(post: post, device, index: index, generation: generation),
            after: Interval(microseconds: dice.number(in: 1_000...90_000)))
    }

    /// A device changed its cadence: what was planned before is void.
    func restartSampling(_ place: Place, _ device: SampledDevice, _ generation: UInt32) {
        startSampling(place.post, device, place.connector, generation)
    }

    private func generation(_ post: Int, _ device: SampledDevice, _ index: Int) -> UInt32 {
        switch device {
        case .stage: stageGenerations[post * 16 + index]
        case .meter: posts[post].connectors[index].meter.generation
        case .insulation: posts[post].connectors[index].monitor.generation
        case .temperature: posts[post].connectors[index].thermometers.generation
        case .vehicle: posts[post].connectors[index].vehicleGeneration
        }
    }

    /// One sample: the circuit's time passes, the device looks at it and speaks, and the next sample is planned.
    func sample(_ post: Int, _ device: SampledDevice, _ index: Int, _ generation: UInt32) {
        guard generation == self.generation(post, device, index) else { return }
        plan(
            .sample(post: post, device, index: index, generation: generation), after: cadence(post, device, index))
        if let event = reading(post, device, index) { posts[post].deliver?(event, now) }
    }

    private func reading(_ post: Int, _ device: SampledDevice, _ index: Int) -> Event? {
        let own = posts[post]
        let fed = device == .stage ? own.connectorFed(by: index) : index
        advance(post, fed)
        let connector = own.connectors[fed]
        let id = ConnectorID(UInt8(index))
        switch device {
        case .stage:
            return own.stages[index].sample(of: connector.circuit, at: now).map {
                .stage(StageID(UInt8(index)), $0)
            }
        case .meter: return connector.meter.sample(of: connector.circuit, at: now).map { .meter(id, $0) }
        case .insulation:
            return connector.monitor.sample(of: connector.circuit, at: now).map { .insulation(id, $0) }
        case .temperature:
            connector.circuit.isCooled = own.enclosure.isCoolingAsked && !own.enclosure.isCoolingBroken
            return connector.thermometers.sample(of: connector.circuit, at: now).map { .temperature(id, $0) }
        case .vehicle: return talk(own, connector, id)
        }
    }

    /// A turn of the vehicle's loop; its contactors and the pilot may move.
    private func talk(_ post: SimulatedPost, _ connector: SimulatedConnector, _ id: ConnectorID) -> Event? {
        guard let vehicle = connector.vehicle else { return nil }
        let wanted = vehicle.wantsEnergy
        let said = vehicle.turn(
            inletVolts: connector.circuit.contactVolts, inletAmperes: connector.circuit.contactAmperes, at: now)
        connector.takeInVehicle()
        if wanted != vehicle.wantsEnergy { post.linesChanged?(now) }
        guard let said, !connector.link.isSilent else { return nil }
        return .vehicle(id, said)
    }
}
