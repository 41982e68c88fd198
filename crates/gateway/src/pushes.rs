//! Pushes. The engine pushes from the registry's own name, which everybody shares: it is borrowed for the while, one push
//! at a time, and given back. That is finished also when the client goes away, and by the next `wharf serve` when this one
//! is killed.

use crate::answer::Answer;
use crate::desk::Errand;
use crate::door::{Door, Passed};
use crate::fault::Fault;
use crate::gateway::Gateway;
use crate::transfer::{self, Documents, line};
use crate::unasked::About;
use bytes::Bytes;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedMutexGuard, mpsc, oneshot};
use wharf_docker::{EngineError, RelayedBody};
use wharf_model::{ImageId, ImageRef, NamedImage};
use wharf_policy::{Facts, Permit};
use wharf_store::{LentNames, Loan};
use wharf_wire::tenant::TenantCall;
use wharf_wire::{ImageByReference, RegistryCredentials};

/// Lines of progress on their way to a slow client.
const AHEAD: usize = 64;
/// How long a push waits for another one of the same name.
const PATIENCE: Duration = Duration::from_secs(60);
/// How soon it is tried again to give a name back. Until then nobody else pushes it.
const AGAIN: Duration = Duration::from_secs(2);
/// From the end of a connection to the engine until it has surely noticed: what it still pushes, it pushes by name.
const GRACE: Duration = Duration::from_secs(1);

/// The names that pushes have borrowed.
#[derive(Debug)]
pub(crate) struct Pushes {
    lent: LentNames,
    queues: Mutex<HashMap<NamedImage, Arc<tokio::sync::Mutex<()>>>>,
}

/// The one push of a name, until it is dropped.
struct Turn {
    gateway: Arc<Gateway>,
    image: NamedImage,
    held: Option<OwnedMutexGuard<()>>,
}

/// What is to be pushed, and the permission.
struct Cargo {
    image: NamedImage,
    borrower: ImageId,
    facts: Facts,
    push: Permit,
}

impl Pushes {
    pub(crate) fn new(lent: LentNames) -> Self {
        Self { lent, queues: Mutex::default() }
    }

    fn queue(&self, image: &NamedImage) -> Arc<tokio::sync::Mutex<()>> {
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(queues.entry(image.clone()).or_default())
    }
}

impl Turn {
    async fn wait(gateway: &Arc<Gateway>, image: &NamedImage) -> Result<Self, Fault> {
        let queue = gateway.pushes.queue(image);
        let held = tokio::time::timeout(PATIENCE, queue.lock_owned()).await;
        let held = held.map_err(|_| {
            Fault::Conflict(format!(
                "wharf: {} is being pushed by somebody else; try again",
                image.familiar()
            ))
        })?;
        Ok(Self { gateway: Arc::clone(gateway), image: image.clone(), held: Some(held) })
    }

    /// Only when nobody has it.
    fn take(gateway: &Arc<Gateway>, image: &NamedImage) -> Option<Self> {
        let held = gateway.pushes.queue(image).try_lock_owned().ok()?;
        Some(Self { gateway: Arc::clone(gateway), image: image.clone(), held: Some(held) })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut queues = self.gateway.pushes.queues.lock().unwrap_or_else(PoisonError::into_inner);
        self.held = None;
        // Whoever waits has the queue, too.
        if queues.get(&self.image).is_some_and(|queue| Arc::strong_count(queue) == 1) {
            queues.remove(&self.image);
        }
    }
}

impl Errand {
    /// `POST /images/{name}/push`.
    pub(crate) async fn push(
        self,
        image: NamedImage,
        credentials: Option<RegistryCredentials>,
    ) -> Result<Answer, Fault> {
        let familiar = image.familiar();
        let found = self.find_image(&familiar).await.map_err(|fault| match fault {
            // The engine's own words.
            Fault::NotFound(_) => Fault::NotFound(format!(
                "An image does not exist locally with the tag: {}",
                image.familiar_name()
            )),
            other => other,
        })?;
        let borrower = found.visible.id().clone();
        let facts = Self::image_facts([found.visible]);
        let push = TenantCall::Push { image: image.clone(), credentials };
        let push = Door::new(&self, &familiar, None).judge(push, &facts)?;
        let turn = Turn::wait(&self.desk.gateway, &image).await?;
        let (lines, told) = mpsc::channel(AHEAD);
        let (begun, begins) = oneshot::channel();
        // By itself, since this ends with the client: what was lent must come back.
        tokio::spawn(async move {
            let cargo = Cargo { image, borrower, facts, push };
            let mut given_back = self.push_and_give_back(cargo, begun, &lines).await;
            drop(lines);
            while given_back.is_err() {
                tokio::time::sleep(AGAIN).await;
                given_back = turn.gateway.give_back(&turn.image, None).await;
            }
            drop(turn);
        });
        begins.await.unwrap_or(Err(Fault::Unrecorded))?;
        Ok(transfer::lines(crate::images::received(told)))
    }

    async fn push_and_give_back(
        &self,
        cargo: Cargo,
        begun: oneshot::Sender<Result<(), Fault>>,
        lines: &mpsc::Sender<Bytes>,
    ) -> Result<(), Fault> {
        let Cargo { image, borrower, facts, push } = cargo;
        let mut said = self.lend(&image, &borrower, &facts).await;
        let mut begun = Some(begun);
        if said.is_ok() {
            let door = Door::new(self, &image.familiar(), Some(borrower.as_str()));
            tokio::select! {
                passed = door.carry_out(push, None) => match passed {
                    Ok(Passed::Answered(answer)) => {
                        let _gone = begun.take().map(|begun| begun.send(Ok(())));
                        told_on(answer.body, lines).await;
                    }
                    Ok(Passed::Switched(..)) => said = Err(crate::tunnel::expected()),
                    Err(fault) => said = Err(fault),
                },
                () = lines.closed() => {}
            }
            if lines.is_closed() {
                tokio::time::sleep(GRACE).await;
            }
        }
        let given_back = self.desk.gateway.give_back(&image, Some((self, &facts))).await;
        let _gone = begun.map(|begun| begun.send(said));
        given_back
    }

    /// Gives the image the registry's own name for it. What had it is written down first.
    async fn lend(&self, image: &NamedImage, borrower: &ImageId, facts: &Facts) -> Result<(), Fault> {
        let (gateway, name) = (&self.desk.gateway, ImageRef::Named(image.clone()));
        // One that could not be given back before.
        gateway.give_back(image, None).await?;
        let before = gateway.named(&name).await?;
        if before.as_ref() == Some(borrower) {
            return Ok(());
        }
        let loan = Loan { borrower: borrower.clone(), before };
        gateway.pushes.lent.lend(&name, loan).map_err(|_| Fault::Unrecorded)?;
        let call = TenantCall::TagForPush { image: borrower.clone(), to: image.clone() };
        Door::new(self, &image.familiar(), Some(borrower.as_str())).ask(call, facts).await?;
        Ok(())
    }
}

impl Gateway {
    /// Gives back what pushes have borrowed that nobody carries on: those of a run that was killed, and those whose
    /// engine went away. Gives the names for which that fails; they are looked at again the next time.
    pub async fn settle_pushes(self: &Arc<Self>) -> Vec<String> {
        let mut left = Vec::new();
        for name in self.pushes.lent.all().into_keys() {
            let ImageRef::Named(image) = name else { continue };
            let Some(_turn) = Turn::take(self, &image) else { continue };
            if self.give_back(&image, None).await.is_err() {
                left.push(image.familiar());
            }
        }
        left
    }

    /// Gives a name back, as the tenant of this errand or else as wharf itself.
    async fn give_back(&self, image: &NamedImage, by: Option<(&Errand, &Facts)>) -> Result<(), Fault> {
        let name = ImageRef::Named(image.clone());
        let Some(loan) = self.pushes.lent.all().remove(&name) else { return Ok(()) };
        if let Some(call) = self.undoing(image, &loan).await? {
            if let Some((errand, facts)) = by {
                let mut facts = facts.clone();
                facts.tenant.borrowed = loan.before.map(|id| (id, image.clone()));
                Door::new(errand, &image.familiar(), None).ask(call, &facts).await?;
            } else {
                let (object, why) = (image.familiar(), "after a push that broke off");
                self.unasked(call, &Facts::default(), About { tenant: None, object, id: None, why }).await?;
            }
        }
        self.pushes.lent.returned(&name).map_err(|_| Fault::Unrecorded)
    }

    /// What gives it back. Nothing when somebody has given the name to another image meanwhile, or taken it away: that is
    /// the newer word.
    async fn undoing(&self, image: &NamedImage, loan: &Loan) -> Result<Option<TenantCall>, EngineError> {
        let name = ImageRef::Named(image.clone());
        if self.named(&name).await?.as_ref() != Some(&loan.borrower) {
            return Ok(None);
        }
        let before = match &loan.before {
            Some(before) => self.named(&ImageRef::Id(before.clone())).await?,
            None => None,
        };
        let image = image.clone();
        Ok(Some(match before {
            Some(before) => TenantCall::RestoreAfterPush { image: before, to: image },
            None => TenantCall::UntagAfterPush { image },
        }))
    }

    /// Which image has this name.
    async fn named(&self, name: &ImageRef) -> Result<Option<ImageId>, EngineError> {
        match self.engine.observe(&ImageByReference(name.clone())).await {
            Ok(details) => Ok(Some(details.id)),
            Err(error) if error.status() == Some(404) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// The engine's words, until they end or nobody listens.
async fn told_on(body: RelayedBody, lines: &mpsc::Sender<Bytes>) {
    let mut documents = Documents::of(body);
    loop {
        let document = tokio::select! {
            document = documents.next() => document,
            () = lines.closed() => return,
        };
        let Some(document) = document else { return };
        if lines.send(line(&document)).await.is_err() {
            return;
        }
    }
}
