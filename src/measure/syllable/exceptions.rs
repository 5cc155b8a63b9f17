//! Words that the rules count wrong, by their syllables. Written by `scripts/delivery/exceptions.py` from the CMU Pronouncing Dictionary (BSD licence), most
//! frequent words first chosen, then in order of the alphabet.

/// Each line begins with how many syllables its words have.
#[rustfmt::skip]
const WORDS: &[(usize, &[&str])] = &[
    (1, &["drawer", "drawers", "gao", "geoff", "george", "heist", "huang", "isle", "isles", "juan", "liu", "mao", "ms", "sao", "seoul", "tao",
        "vaughan", "whoa", "wii"]),
    (2, &["acne", "admire", "agnes", "ahmed", "aires", "alfred", "argue", "argued", "argues", "aspire", "aug", "ave", "average", "averaged",
        "bauer", "belgium", "berkeley", "boise", "boredom", "bruises", "bryan", "bryant", "business", "cafe", "camera", "carlisle", "cashier",
        "catholic", "catholics", "chelsea", "chile", "chloe", "chocolate", "chocolates", "choir", "clueless", "cocoa", "collier", "colonel",
        "conference", "corporate", "creature", "creatures", "crooked", "cruiser", "cruises", "cruising", "cuisine", "cv", "dante", "debuted",
        "desperate", "diamond", "diamonds", "diaper", "difference", "different", "dr", "dryer", "duet", "dyer", "evening", "evenings", "every",
        "expire", "expired", "families", "family", "farewell", "favorite", "flyer", "flyers", "forests", "frontier", "general", "genius",
        "genre", "genres", "geoffrey", "georges", "georgetown", "georgia", "georgian", "gimme", "glacier", "gloucester", "gp", "graveyard",
        "grocery", "guinea", "headaches", "herpes", "history", "hr", "ibn", "ids", "inquire", "inspire", "inspires", "interest", "interests",
        "jaime", "jared", "jesse", "joanne", "joey", "jorge", "jose", "julius", "kiev", "kobe", "kuala", "largely", "leah", "leicester",
        "leonard", "linkedin", "lois", "louie", "louis", "louise", "lyon", "lyons", "manuel", "maui", "maybe", "minecraft", "monte", "mr", "mrs",
        "mueller", "myers", "naive", "naked", "ngo", "ngos", "nike", "nuisance", "ok", "opera", "paolo", "pepe", "phoebe", "pierre", "pinterest",
        "pm", "preference", "premier", "princeton", "psyche", "reference", "restaurant", "reuse", "reyes", "righteous", "rugged", "ryan",
        "salesman", "samuel", "separate", "sergio", "several", "shakespeare", "soldier", "soldiers", "someone", "sonia", "sophomore",
        "sovereign", "spaniards", "spokesman", "statesman", "statewide", "strangely", "suarez", "suitcase", "takeoff", "theorem", "thereof",
        "torres", "tumblr", "tv", "tyres", "uk", "vaguely", "vampire", "vampires", "vineyard", "vineyards", "visuals", "vs", "wednesday",
        "whereas", "wicked", "widened", "worcester", "wretched", "wyatt", "xavier", "xbox", "zoe"]),
    (3, &["achilles", "adobe", "albeit", "alias", "alliance", "ammonia", "angeles", "anime", "anyone", "apache", "appliance", "arguing", "ariel",
        "arrangement", "arrangements", "averages", "averaging", "beautifully", "beforehand", "beverages", "beyonce", "businesses", "businessman",
        "businessmen", "cavaliers", "cereal", "coincide", "collegiate", "compliance", "compliant", "convenience", "convenient", "croatia",
        "cynthia", "decorative", "diagnose", "diagnosed", "diagram", "diagrams", "diego", "differences", "differently", "discovery", "ecuador",
        "element", "elements", "elias", "enrique", "everyday", "everything", "everytime", "everywhere", "excellency", "fiance", "fiery",
        "finale", "firefox", "fireplace", "fluorescent", "forestry", "forever", "gabriel", "garcia", "generally", "hawaii", "hercules", "heroic",
        "heroin", "heroine", "homeowners", "imagery", "impoverished", "infrared", "infringement", "ingenious", "interested", "interesting",
        "isaiah", "israeli", "israelis", "jamaica", "jamaican", "joanna", "karate", "libya", "libyan", "lineage", "linear", "louisville",
        "makeover", "mercedes", "messiah", "mohamed", "mohammed", "montgomery", "montreal", "moreover", "nhs", "nonetheless", "nuclear",
        "nucleus", "oasis", "overseas", "persuasive", "philippe", "pneumonia", "posterior", "principally", "proactive", "rafael", "reasonable",
        "rebellious", "recipe", "recipes", "recruiting", "reinforce", "reinforced", "reliance", "reliant", "reopen", "reopened", "resilient",
        "righteousness", "rosemary", "rwanda", "salisbury", "seattle", "separately", "sesame", "sierra", "solely", "sophia", "sovereignty",
        "spokesperson", "takeover", "temperament", "temperature", "tokyo", "uniquely", "valuable", "vegetable", "vegetables", "virginia",
        "visually", "wastewater", "watershed", "wherever", "whoever", "widening", "wyoming", "zimbabwe"]),
    (4, &["albuquerque", "allegedly", "alliances", "aluminium", "appliances", "arguably", "california", "caribbean", "catalonia", "catastrophe",
        "coalition", "coefficient", "coincided", "coincidence", "complementary", "continuum", "conveniently", "corinthians", "dementia",
        "diabetes", "diagnosis", "diagnostic", "diagonal", "edinburgh", "elemental", "emotionally", "enthusiast", "enthusiasts", "entirely",
        "entirety", "etc", "europeans", "everybody", "feb", "firefighters", "guatemala", "inconvenience", "inconvenient", "influenza",
        "initiative", "initiatives", "invaluable", "judaism", "karaoke", "laboratories", "laboratory", "marijuana", "neuroscience", "oceanic",
        "paranoia", "pennsylvania", "psychiatric", "psychiatrist", "psychiatry", "realization", "reimbursement", "reinforcement",
        "reinforcements", "reinforcing", "reinstated", "retirement", "santiago", "supposedly", "unreasonable", "valencia", "venezuela",
        "venezuelan", "veterinary", "whatsoever"]),
    (5, &["ambiguity", "archaeologists", "archaeology", "christianity", "enthusiasm", "enthusiastic", "genealogy", "judiciary", "louisiana",
        "minneapolis", "philadelphia", "physiology", "politically", "radioactive", "sociology"]),
    (6, &["archaeological", "beneficiaries", "beneficiary", "ecclesiastical", "extraordinarily", "fyi", "physiological"]),
    (7, &["confidentiality"]),
];

/// The syllables of an exception, in small letters; None for any other word.
pub(super) fn of(word: &str) -> Option<usize> {
    WORDS.iter().find(|(_, words)| words.binary_search(&word).is_ok()).map(|(count, _)| *count)
}
