/**
 * Where in the shared memory what lies that both sides speak of, in words: the search in TypeScript, and
 * the part of it that is compiled from `wasm`. Both read this file.
 */

/** Where the head begins, in bytes. */
export const headAt = 1024;

/** Whether all who help must halt as soon as they can. */
export const halt = 0;
/** Changes when a helper has something to say; the leader sleeps on it. */
export const signal = 1;
/** Whether all is over. */
export const isOver = 2;
/** How many threads there are at most. */
export const parties = 3;
/** The level; whether it is even says which of the two frontiers is its own. */
export const level = 4;
/** Chunks of the level that were taken. */
export const claimed = 5;
/** Worlds that a thread may add before it has to halt. */
export const room = 6;
/** Worlds after which a single thread stops. */
export const stop = 7;
/** Words and slots of a world, and where their masks, shifts and words lie, one after the other. */
export const words = 8;
export const slots = 9;
export const layout = 10;
/** A segment of the table has room for two to the power of this, and where each begins. */
export const segmentBits = 11;
export const segments = 12;
export const segmentCount = 16;
/** The pages of both frontiers: where each begins; and how many there are. */
export const pages = 28;
export const pageCounts = 30;
/** Pages for frontiers that nobody has, and how many. */
export const freePages = 32;
export const freePageCount = 33;
/** Likewise pages for origins. */
export const freeOrigins = 34;
export const freeOriginCount = 35;
/** For each slot, where the rows of its cells are listed, and how many are. */
export const rowTables = 36;
/** For each slot, where its operations are described, and how many are. */
export const opTables = 37;
/** For each number of what belongs to no actor, whether nothing of it has a say; and how many are known. */
export const simple = 38;
export const simpleCount = 39;
/** What is asked of each world. */
export const looks = 40;
export const lookCount = 41;
/** Whether every world is to be expanded by the leader's hand. */
export const isByHand = 42;
/** Successors that are looked up together at least. */
export const batch = 43;
/** Changes when room is made anew. */
export const roomed = 45;
/** Changes when it changes how worlds lie. */
export const laid = 44;

/** Where the first party's own words begin, in bytes, and how many bytes each has. */
export const partyAt = 4096;
export const partyBytes = 8192;

export const status = 0;
/** Changes as long as a helper works. */
export const beat = 1;
/** Worlds that it found, and those that it expanded. */
export const found = 2;
export const expanded = 3;
/** Ways from world to world: two words, a float. */
export const transitions = 4;
/** Numbers from a helper to the leader: the next to take, the next to put, and where they lie. */
export const postHead = 6;
export const postTail = 7;
/** The pages of its origins. */
export const origins = 8;
/** The world that is expanded: its cells, those before they were changed, its packed words. */
export const vector = 9;
export const before = 10;
export const base = 11;
/** Slots that were changed, and when each was changed last. */
export const changed = 12;
export const marks = 13;
/** Where the moves of each slot begin. */
export const begins = 14;
/** Calls that have still to be carried out. */
export const stack = 15;
/** Successors that are not yet looked up, and for how many there is room. */
export const rows = 16;
export const rowsMax = 17;
/** The world that is given to the leader. */
export const given = 18;
/** What the moves of each of the first slots have to do with, and to whom they post. */
export const reachSlots = 32;
export const reachPosts = 64;
export const post = 128;
export const postLength = 1024;

/** What a party is. */
export const absent = 0;
export const halted = 1;
export const running = 2;
export const failed = 3;

/** Why a run ended. */
export const ofBudget = 0;
export const ofGift = 1;
export const ofRoom = 2;
export const ofLevel = 3;
export const ofHalt = 4;
export const ofPost = 5;
export const ofStop = 6;

/** Worlds of a page, and those that are taken together. */
export const pageBits = 10;
export const chunkBits = 6;
/** Origins of a page. */
export const originBits = 13;
/** Calls that may wait; more are carried out by hand. */
export const stackMax = 512;

/** What stands in the row of a cell; its other cells follow, then where its other moves lie. */
export const rowAll = 0;
export const rowUrgency = 1;
export const rowPuts = 2;
export const rowOthers = 3;
export const rowStays = 4;
export const rowSlots = 5;
export const rowPosts = 6;
export const rowCells = 7;

/** What stands in a move: its operations follow, each as slot and number. */
export const moveSlots = 0;
export const movePosts = 1;
export const moveCell = 2;
export const moveUrgency = 3;
export const moveOps = 4;
export const moveFirst = 5;

/** What stands in the description of an operation: cells and results, where they lie and how many are. */
export const opCells = 0;
export const opCellCount = 1;
export const opResults = 2;
export const opResultCount = 3;
export const opWords = 4;

/** What stands in a result: the cell, how many calls follow, and these. Less than 0 calls are none of these. */
export const resultCell = 0;
export const resultCalls = 1;
export const resultFirst = 2;
export const impossible = -1;
export const wide = -2;

/** Of what a look is, how many questions it has, and where their descriptions lie. */
export const lookKind = 0;
export const lookQuestions = 1;
export const lookFirst = 2;
export const mustHold = 0;
export const mustNotHold = 1;
export const mayHold = 2;
export const mustHoldAtRest = 3;
export const isAnswered = 4;

/** What stands in a question: its tree, the answers by number as bits, and what it looks at. */
export const questionTree = 0;
export const questionAnswers = 1;
export const questionLookouts = 2;
/** What stands in a lookout: its slot or less than 0, and its values by cell, or the one that it has now. */
export const lookoutSlot = 0;
export const lookoutValues = 1;
export const lookoutCount = 2;
export const lookoutWords = 3;
