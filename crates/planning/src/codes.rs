//! What planning says to people: why something stays behind, and why an item fits nowhere.

use caravan_postal::text::Source;

caravan_postal::codes! {
    /// The item is heavier than any receptacle of its stream may be.
    ITEM_OVER_WEIGHT = "item-over-weight", Hold, [found, limit];
    /// The item is bulkier than any receptacle of its stream may be.
    ITEM_OVER_VOLUME = "item-over-volume", Hold, [found, limit];
    /// The item counts as more pieces than a receptacle of its stream may hold.
    ITEM_OVER_COUNT = "item-over-count", Hold, [found, limit];
    /// Something inside the receptacle, or the receptacle itself, is held.
    LEFT_HELD = "left-held", Warning, [];
    /// The dispatch of the receptacle is not closed.
    LEFT_DISPATCH_OPEN = "left-dispatch-open", Remark, [];
    /// The receptacle was ready only after the cut-off.
    LEFT_AFTER_CUT_OFF = "left-after-cut-off", Warning, [minutes];
    /// No departure in the plan goes to the office of destination.
    LEFT_NO_ROUTE = "left-no-route", Warning, [destination];
    /// Air mail does not go by road or rail.
    LEFT_AIR_MAIL = "left-air-mail", Warning, [category];
    /// The departure has no vehicle yet.
    LEFT_NO_VEHICLE = "left-no-vehicle", Warning, [];
    /// No vehicle may carry as much more weight.
    LEFT_NO_ROOM_WEIGHT = "left-no-room-weight", Warning, [needed, free];
    /// No vehicle has as much space left.
    LEFT_NO_ROOM_VOLUME = "left-no-room-volume", Warning, [needed, free];
    /// No vehicle may take one more receptacle.
    LEFT_NO_ROOM_COUNT = "left-no-room-count", Warning, [];
    /// All boxes of the departure together would be too heavy.
    LEFT_TRAIN_FULL = "left-train-full", Warning, [needed, free];
    /// All vehicles are closed to more.
    LEFT_VEHICLES_CLOSED = "left-vehicles-closed", Warning, [];
    /// The vehicle that it is locked to is on no departure.
    LEFT_LOCK_UNKNOWN = "left-lock-unknown", Warning, [];
    /// The vehicle that it is locked to has no room.
    LEFT_LOCK_NO_ROOM = "left-lock-no-room", Warning, [];
    /// With it an axle of the vehicle would bear too much, however the load lies.
    LEFT_AXLE = "left-axle", Warning, [found, limit];
    /// With it the load of the vehicle would lie too far from the middle, however it is arranged.
    LEFT_BALANCE = "left-balance", Warning, [along, across, half];
    /// The vehicle is too empty to leave, and nothing in it must.
    LEFT_FOR_FILL = "left-for-fill", Remark, [fill, least];
    /// The centre of gravity is off the middle of the length, within the bound of special cases.
    LOAD_OFF_ALONG = "load-off-along", Warning, [off];
    /// The centre of gravity is too far off the middle of the length.
    LOAD_FAR_OFF_ALONG = "load-far-off-along", Hold, [off];
    /// The centre of gravity is too far off the middle of the width.
    LOAD_OFF_ACROSS = "load-off-across", Hold, [off];
    /// One half of the length bears too much of the mass.
    LOAD_HEAVY_HALF = "load-heavy-half", Hold, [share];
    /// No leg of the network takes air mail.
    LEG_AIR_MAIL = "leg-air-mail", Warning, [leg, category];
    /// A country on the leg bars something in the mail.
    LEG_BARRED = "leg-barred", Warning, [leg, cargo, country, row];
    /// A country on the leg takes something in the mail only where that is agreed.
    LEG_NOT_AGREED = "leg-not-agreed", Warning, [leg, cargo, country, row];
    /// Nothing is known about something in the mail on the leg.
    LEG_NOT_KNOWN = "leg-not-known", Warning, [leg, cargo, country];
    /// The leg is closed for longer than may be waited.
    LEG_CLOSED = "leg-closed", Warning, [leg, row];
    /// The leg does not exist on that day.
    LEG_NOT_IN_FORCE = "leg-not-in-force", Warning, [leg];
    /// No change of carriage is known where the leg begins.
    LEG_NO_TRANSFER = "leg-no-transfer", Warning, [leg, place, from, to];
    /// Something is waited for before the leg.
    LEG_WAIT = "leg-wait", Remark, [leg, hours, row];
    /// The usual way is closed, another one is taken.
    WAY_DETOUR = "way-detour", Warning, [days];
    /// There is no way.
    WAY_NONE = "way-none", Warning, [];
}

/// The codes of this crate and what they say.
pub const MESSAGES: Source = Source {
    codes: CODES,
    messages: [
        include_str!("../messages/en.toml"),
        include_str!("../messages/ru.toml"),
        include_str!("../messages/zh.toml"),
    ],
};

#[cfg(test)]
mod tests {
    use caravan_postal::Catalogue;

    #[test]
    fn every_code_speaks_three_languages() {
        assert_eq!(Catalogue::new(&[super::MESSAGES]).faults(), Vec::<String>::new());
    }
}
