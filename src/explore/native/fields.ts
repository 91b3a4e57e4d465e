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
/** The slots of a world. */
export const slots = 9;
/** Where the masks, shifts and words of slots lie, one after the other. */
export const layout = 10;
/** A segment of the table has room for two to the power of this, and where each begins. */
export const segmentBits = 11;
/** Where each segment begins. */
export const segments = 12;
/** How many segments there are. */
export const segmentCount = 16;
/** The pages of both frontiers: where each begins; and how many there are. */
export const pages = 28;
/** How many pages each frontier has. */
export const pageCounts = 30;
/** Pages for frontiers that nobody has, and how many. */
export const freePages = 32;
/** How many pages nobody has. */
export const freePageCount = 33;
/** Likewise pages for origins. */
export const freeOrigins = 34;
/** How many pages for origins nobody has. */
export const freeOriginCount = 35;
/** For each slot, where the rows of its cells are listed, and how many are. */
export const rowTables = 36;
/** For each slot, where its operations are described, and how many are. */
export const opTables = 37;
/** For each number of what belongs to no actor, whether nothing of it has a say; and how many are known. */
export const simple = 38;
/** How many of these numbers are known. */
export const simpleCount = 39;
/** What is asked of each world. */
export const looks = 40;
/** How many looks there are. */
export const lookCount = 41;
/** Successors that are looked up together at least. */
export const batch = 43;
/** Changes when room is made anew. */
export const roomed = 45;
/** Changes when it changes how worlds lie. */
export const laid = 44;

/** Threads that there may be, the leader among them. */
export const partiesMax = 64;
/** Where the first party's own words begin, in bytes, and how many bytes each has. */
export const partyAt = 4096;
/** How many bytes each party has. */
export const partyBytes = 8192;

/** What the party is doing. */
export const status = 0;
/** Changes as long as a helper works. */
export const beat = 1;
/** Worlds that it found, and those that it expanded. */
export const found = 2;
/** Worlds that it expanded. */
export const expanded = 3;
/** Ways from world to world: two words, a float. */
export const transitions = 4;
/** Numbers from a helper to the leader: the next to take, the next to put, and where they lie. */
export const postHead = 6;
/** The next number to put. */
export const postTail = 7;
/** The pages of its origins. */
export const origins = 8;
/** The world that is expanded: its cells, those before they were changed, its packed words. */
export const vector = 9;
/** The cells before they were changed. */
export const before = 10;
/** The packed words of the world. */
export const base = 11;
/** Slots that were changed, and when each was changed last. */
export const changed = 12;
/** When each slot was changed last. */
export const marks = 13;
/** Where the moves of each slot begin. */
export const begins = 14;
/** Calls that have still to be carried out. */
export const stack = 15;
/** Successors that are not yet looked up, and for how many there is room. */
export const rows = 16;
/** For how many successors there is room. */
export const rowsMax = 17;
/** The world that is given to the leader. */
export const given = 18;
/** What the moves of each of the first slots have to do with, and to whom they post. */
export const reachSlots = 32;
/** To whom the moves of each of the first slots post. */
export const reachPosts = 64;
/** Where the numbers to the leader lie. */
export const post = 128;
/** How many numbers may wait there. */
export const postLength = 1024;

/** What a party is. */
export const halted = 1;
/** It works. */
export const running = 2;
/** It has ended before all was over. */
export const failed = 3;

/** Why a run ended. */
export const ofBudget = 0;
/** A world is given to the leader. */
export const ofGift = 1;
/** There is no room for more worlds. */
export const ofRoom = 2;
/** The level is through. */
export const ofLevel = 3;
/** All are to halt. */
export const ofHalt = 4;
/** The leader has too many worlds to take. */
export const ofPost = 5;
/** There are more worlds than are wanted. */
export const ofStop = 6;

/** Worlds of a page, and those that are taken together. */
export const pageBits = 10;
/** Worlds that are taken together. */
export const chunkBits = 6;
/** Origins of a page. */
export const originBits = 13;
/** Calls that may wait; more are carried out by hand. */
export const stackMax = 512;

/** What stands where a cell's row is listed: nothing is known of it. */
export const notKnown = 0;
/** It has to be carried out by hand. */
export const notQuick = -1;

/** What stands in the row of a cell; its other cells follow, then where its other moves lie. */
export const rowAll = 0;
/** What they say of the world. */
export const rowUrgency = 1;
/** How many give another cell and do no more. */
export const rowPuts = 2;
/** How many do more. */
export const rowOthers = 3;
/** How many lead back. */
export const rowStays = 4;
/** What those that do more have to do with. */
export const rowSlots = 5;
/** To whom they post. */
export const rowPosts = 6;
/** Where its cells begin, and behind them where its other moves lie. */
export const rowCells = 7;

/** What stands in a move: its operations follow, each as slot and number. */
export const moveSlots = 0;
/** To whom it posts. */
export const movePosts = 1;
/** The cell that it gives. */
export const moveCell = 2;
/** Who makes it. */
export const moveUrgency = 3;
/** How many operations follow. */
export const moveOps = 4;
/** The first of them, as slot and number. */
export const moveFirst = 5;

/** What stands in the description of an operation: cells and results, where they lie and how many are. */
export const opCells = 0;
/** How many are known. */
export const opCellCount = 1;
/** Where its results lie. */
export const opResults = 2;
/** How many results there are. */
export const opResultCount = 3;
/** The words of a description. */
export const opWords = 4;

/** What stands in a result: the cell, how many calls follow, and these. Less than 0 calls are none of these. */
export const resultCell = 0;
/** How many calls follow, or why none can be told. */
export const resultCalls = 1;
/** The first of these calls. */
export const resultFirst = 2;
/** It cannot be done. */
export const impossible = -1;
/** It has to be carried out by hand. */
export const wide = -2;

/** Of what a look is, how many questions it has, and where their descriptions lie. */
export const lookKind = 0;
/** How many questions it has. */
export const lookQuestions = 1;
/** Where the first of them is described. */
export const lookFirst = 2;
/** All must be answered with yes. */
export const mustHold = 0;
/** Not all may be answered with yes. */
export const mustNotHold = 1;
/** It is noted when all are. */
export const mayHold = 2;
/** All must be answered with yes where the system rests. */
export const mustHoldAtRest = 3;
/** It needs not be asked any more. */
export const isAnswered = 4;
/** It is asked where the system rests, and nobody has noted yet that there was any rest. */
export const mustBeNoted = 5;

/** What stands in a question: its tree and what it looks at. The answers of a tree are 0 and 1. */
export const questionTree = 0;
/** Where its lookouts are described. */
export const questionLookouts = 1;
/** How many are. */
export const questionLookoutCount = 2;
/** The words of a question. */
export const questionWords = 3;
/** What stands in a lookout: its slot or less than 0, and its values by cell, or the one that it has now. */
export const lookoutSlot = 0;
/** Where its values by cell lie, or the value that it has now. */
export const lookoutValues = 1;
/** How many values there are. */
export const lookoutCount = 2;
/** The words of a description. */
export const lookoutWords = 3;
