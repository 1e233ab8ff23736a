import type {Answer} from './problem.ts';
import type {Principal} from './auth/principal.ts';
import type {AuditFilter, AuditPage} from './schema/audit.ts';
import type {Page, Paging} from './schema/common.ts';
import type {GroupName, GroupPreview, GroupProgress, GroupsView} from './schema/groups.ts';
import type {HoldView, LaneView} from './schema/lanes.ts';
import type {
  ChosenHolds,
  ChosenLetters,
  Done,
  HoldFilter,
  HoldPreview,
  LetterFilter,
  LetterName,
  LetterPreview,
} from './schema/letters.ts';
import type {LetterView} from './schema/parked.ts';
import type {SubjectView} from './schema/subjects.ts';
import type {TargetsView, TargetView} from './schema/targets.ts';

/** Who asks for an action, and why. */
export interface Asked {
  by: Principal;
  reason?: string | undefined;
}

/** `reveal`: personal data is shown as it is, and that it was is audited before; otherwise it is masked. */
export interface Showing {
  reveal?: Asked | undefined;
}

/** What the API shows and does. Each call answers `unavailable` while Redis does not, and never throws for that. */
export interface ApiPorts {
  /** What was decided and done, the newest first. Answers without Redis, unless what is personal is asked for. */
  audit(filter: AuditFilter, paging: Paging, showing: Showing): Promise<Answer<AuditPage>>;
  targets: {
    /** Answers without Redis too: then without what only Redis knows. */
    list(): Promise<TargetsView>;
    read(name: string): Promise<Answer<TargetView>>;
    /** Nothing leaves for it any more, at any replica, until it is resumed. */
    pause(name: string, asked: Asked): Promise<Answer<TargetView>>;
    resume(name: string, asked: Asked): Promise<Answer<TargetView>>;
  };
  subjects: {
    read(id: string, showing: Showing): Promise<Answer<SubjectView>>;
    /** Ends the person's access, without an event, until it is lifted; every target where none is named. */
    cutOff(id: string, targets: readonly string[] | undefined, asked: Asked): Promise<Answer<Done[]>>;
    /** Reads the subject's last event again from Kafka, and tells it to the targets although nothing seems to differ. */
    replay(id: string, targets: readonly string[] | undefined, asked: Asked): Promise<Answer<Done[]>>;
    lift(id: string, targets: readonly string[] | undefined, asked: Asked): Promise<Answer<Done[]>>;
  };
  /** The longest failing first, target by target. */
  lanes(filter: {target?: string | undefined}, paging: Paging): Promise<Answer<Page<LaneView>>>;
  letters: {
    /** The oldest first, target by target. */
    list(filter: LetterFilter, paging: Paging): Promise<Answer<Page<LetterView>>>;
    read(name: LetterName, showing: Showing): Promise<Answer<LetterView>>;
    preview(filter: LetterFilter): Promise<Answer<LetterPreview>>;
    retry(chosen: ChosenLetters, asked: Asked): Promise<Answer<Done[]>>;
    discard(chosen: ChosenLetters, asked: Asked): Promise<Answer<Done[]>>;
  };
  /** Dead letters by cause; a retry of a group is carried out by whoever serves the target. */
  groups: {
    /** Leavers' first, then the largest. */
    list(filter: {target?: string | undefined}, paging: Paging): Promise<Answer<GroupsView>>;
    preview(name: GroupName): Promise<Answer<GroupPreview>>;
    /** Of the last retry; items behind `after`. */
    progress(name: GroupName, after?: string): Promise<Answer<GroupProgress>>;
    /** Of what the preview with this token has shown. */
    retry(name: GroupName, token: string, asked: Asked): Promise<Answer<GroupProgress>>;
    stop(name: GroupName, asked: Asked): Promise<Answer<GroupProgress>>;
  };
  holds: {
    /** The oldest first, target by target. */
    list(filter: HoldFilter, paging: Paging): Promise<Answer<Page<HoldView>>>;
    preview(filter: HoldFilter): Promise<Answer<HoldPreview>>;
    approve(chosen: ChosenHolds, asked: Asked): Promise<Answer<Done[]>>;
    discard(chosen: ChosenHolds, asked: Asked): Promise<Answer<Done[]>>;
  };
}
