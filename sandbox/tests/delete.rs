//! The rules of deleting a deployment.

use serde_json::json;

use super::world::{World, id, one, statuses};

#[test]
fn an_active_deployment_is_not_deleted_while_its_environment_has_others() {
    let world = World::new();
    let (other, active) = (world.deploy("staging"), world.deploy("staging"));
    world.set(active, "success");
    let body = world.client.delete(&one(active)).expect(422).json();
    assert_eq!(body["message"], "Validation Failed");
    assert_eq!(
        body["errors"],
        json!([
            "We cannot delete an active deployment unless it is the only deployment in a given environment."
        ])
    );
    world.client.get(&one(active)).expect(200);
    // After the other deployment is deleted, it is the only one.
    world.client.delete(&one(other)).expect(204);
    world.client.delete(&one(active)).expect(204);
}

#[test]
fn the_only_deployment_of_an_environment_is_deleted_though_active() {
    let world = World::new();
    let (_, active) = (world.deploy("elsewhere"), world.deploy("staging"));
    world.set(active, "success");
    world.client.delete(&one(active)).expect(204);
}

#[test]
fn what_is_not_active_is_deleted() {
    let world = World::new();
    let _other = world.deploy("staging");
    let bare = world.deploy("staging");
    world.client.delete(&one(bare)).expect(204);
    for state in [
        "queued",
        "pending",
        "in_progress",
        "failure",
        "error",
        "inactive",
    ] {
        let deployment = world.deploy("staging");
        world
            .add(
                deployment,
                &json!({"state": "success", "auto_inactive": false}),
            )
            .expect(201);
        world.set(deployment, state);
        let reply = world.client.delete(&one(deployment)).expect(204);
        assert_eq!(reply.text(), "", "{state}");
    }
}

#[test]
fn the_environment_that_counts_is_the_one_it_was_moved_to() {
    let world = World::new();
    let (stays, moved) = (world.deploy("staging"), world.deploy("staging"));
    world.set(stays, "success");
    let body = json!({"state": "success", "environment": "canary", "auto_inactive": false});
    world.add(moved, &body).expect(201);
    world.client.delete(&one(moved)).expect(204);
    world.client.delete(&one(stays)).expect(204);
}

#[test]
fn what_is_deleted_is_gone() {
    let world = World::new();
    let deployment = world.deploy("staging");
    let status = id(&world.set(deployment, "queued"));
    world.client.delete(&one(deployment)).expect(204);
    world.client.delete(&one(deployment)).expect(404);
    world.client.get(&one(deployment)).expect(404);
    world.client.get(&statuses(deployment)).expect(404);
    let path = format!("{}/{status}", statuses(deployment));
    world.client.get(&path).expect(404);
    world
        .add(deployment, &json!({"state": "queued"}))
        .expect(404);
    // The ID is never reused.
    assert!(world.deploy("staging") > deployment);
}
