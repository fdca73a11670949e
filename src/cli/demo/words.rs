//! What things and roles are called. Some of it is not ASCII, as with people who write in their own language.

/// Beginnings of titles: what is to be done.
pub const VERBS: &str = "\
    Repair Inspect Replace Order Clean Count Collect Deliver Label Measure Pack Paint Photograph Polish Prepare Register Renew \
    Return Review Sharpen Sort Store Test Translate Unload Varnish Weigh Winterise";

/// How things are.
pub const ADJECTIVES: &str = "\
    amber ancient blue brass broken canvas copper crimson damp double empty faded folding foreign golden green grey heavy hollow \
    iron ivory large late leather light local long marble narrow new northern oak old painted pale plain portable quiet red rough \
    round rusty salted silver small smooth southern spare square steel striped tall tarred tin upper velvet wet white wide \
    wooden yellow naïve élégant größere";

/// Things.
pub const NOUNS: &str = "\
    anchor atlas awning ballast barometer barrel basket beacon bell binnacle blanket block boat bottle bowl bracket bridge bucket \
    buoy cabinet cable calendar candle capstan cargo carpet cart chain chart chest clock coat compass contract cradle crane crate \
    curtain cushion davit desk diary dinghy drawer drum engine fender ferry figurehead filter flag flask funnel galley gangway \
    gauge globe hammer hammock handle harness hatch hawser helmet hinge hook invoice jacket jetty keel kettle key ladder lamp \
    lantern ledger letter lever lifebelt locker log manifest mast mattress mirror mooring motor needle net oar oilskin outboard \
    paddle paint pennant permit photograph piano pillow pipe plank plate pulley pump quadrant raft railing receipt reel \
    register rigging rope rudder sack sail saw scale schedule sextant shackle shelf signal sketch spanner speaker stool stove \
    table tackle telescope tender ticket tiller timer toolbox torch towel transom trolley trunk umbrella uniform valve varnish vase \
    wagon wardrobe wheel whistle winch window wrench yoke Schlüssel Gemälde façade crêpière smörgåsbord jalapeño";

/// Things that one in ten thousand titles has: to search for what is rare.
pub const RARE: &str = "astrolabe bathysphere chronograph dodecahedron heliograph orrery theremin zoetrope";

/// Where things are, or belong.
pub const PLACES: &str = "\
    Accra Antwerp Athens Bergen Bilbao Mumbai Boston Bremen Brest Busan Cádiz Calais Cardiff Cork Dakar Dublin Gdańsk Genoa \
    Göteborg Haifa Halifax Hamburg Helsinki Izmir Jakarta Kiel Kochi Kraków Lagos Leith Lima Lisbon Łódź Lübeck Malmö Manila \
    Marseille Mombasa Montréal Nantes Naples Odesa Oslo Ostend Palermo Piraeus Porto Reykjavík Riga Rotterdam Seville Split \
    Stockholm Sydney Tallinn Tangier Trieste Tromsø Turku Valparaíso Venice Zadar Zürich Αθήνα Київ 東京 大阪 서울";

/// Whole sentences of a description; `{place}`, `{first}` and `{number}` are filled in.
pub const SENTENCES: [&str; 20] = [
    "Kept dry in {place} until the spring.",
    "Ask {first} before it is moved.",
    "Bought in {place}, lot {number}.",
    "The receipt is with {first}.",
    "Came from {place} with a cracked handle, and was mended twice since.",
    "Shelf {number}, behind the others.",
    "Belongs to the set of {number}; the rest is in {place}.",
    "Needs two people to lift.",
    "Last seen by {first} on the way to {place}.",
    "Handle with care – the finish is original.",
    "Weighs {number} kg with its case.",
    "On loan to the museum in {place}; due back before winter.",
    "Not to be sold: {first} promised it to the school.",
    "Measured twice, {number} mm each time.",
    "The previous owner called it “très solide”.",
    "Wartet auf Ersatzteile aus {place}; bitte nicht weggeben.",
    "Invoice {number} is still open.",
    "Goes out with the next ferry from {place}.",
    "Same as number {number}, but older and a little wider.",
    "Checked by {first}; all in order.",
];

/// Roles.
pub const ROLES: &str = "\
    Crew|Auditor|Boatswain|Cargo desk|Cook|Customs liaison|Deck officer|Dock master|Editor|Engineer|Harbour pilot|Help desk|\
    Inventory clerk|Lamp keeper|Librarian|Navigator|Night watch|Purser|Quay warden|Radio operator|Records office|Rigger|\
    Sail maker|Shipwright|Signal station|Stevedore|Storekeeper|Surveyor|Translator|Treasurer|Visitor centre|Yard manager";

/// What a role is for.
pub const DUTIES: &str = "\
    Looks after what comes in|Keeps the lists in order|Answers questions at the counter|Signs for what goes out|\
    Reads, and changes nothing|Fills in for others in summer|Plans the week|Sees to repairs|Works from the café in Zürich";
